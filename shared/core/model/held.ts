/** How a portal document holds a value that is text to us: an edit that comes from Apigee is written in the same form. */
export type HeldAs = (typeof heldForms)[number];
export const heldForms = [
  'text',
  'number',
  'boolean',
  'json',
  'timestamp',
  'milliseconds',
  'seconds',
  'iso-text',
  'http-text',
  'milliseconds-text',
  'seconds-text',
  'seconds-map',
  'underscored-map',
] as const;

/** What of a portal document is no plain text. Nothing is decided by it. */
export interface HeldForms {
  /** By attribute; those left out are held as text. */
  readonly attributes: ReadonlyMap<string, HeldAs>;
  /** The list of all attributes, entry by entry as the document has it; undefined where it is none. */
  readonly list: readonly unknown[] | undefined;
  /** Whether one field holds both names as `Family, Given`. */
  readonly hasComma: boolean;
}
