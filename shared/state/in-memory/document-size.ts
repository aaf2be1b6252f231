import { isFieldMap } from '../../portal/field-path.ts';

const largestDocument = 1024 * 1024;
const longestName = 1500;

/** Whether Firestore would take a document: its size, the names of its fields, and text that can be encoded. */
export function isStorable(data: Readonly<Record<string, unknown>>): boolean {
  return sizeOf(data) <= largestDocument;
}

/** Bytes, nearly as Firestore counts them; infinitely many where there is something that Firestore never takes. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.isWellFormed() ? Buffer.byteLength(value) + 1 : Infinity;
  if (Array.isArray(value)) return value.reduce<number>((bytes, entry) => bytes + sizeOf(entry), 0);
  if (!isFieldMap(value)) return 8;
  let bytes = 0;
  for (const [name, entry] of Object.entries(value)) {
    const own = Buffer.byteLength(name);
    bytes += own <= longestName && name.isWellFormed() ? own + 1 + sizeOf(entry) : Infinity;
  }
  return bytes;
}
