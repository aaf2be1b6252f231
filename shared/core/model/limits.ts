import { attributeName, type Attributes, type FieldChange, type Others, type Profile } from './profile.ts';

/** How many custom attributes a developer may have, reserved and foreign ones included (rule 9). */
export const maxAttributes = 18;

/**
 * A profile's names and attributes, in bytes as `profileBytes` counts them. More than Apigee would ever take, and little
 * enough for a link: its base holds two profiles, its intents five, and the rest is bounded below, together 800 KiB of
 * Firestore's 1 MiB.
 */
export const largestProfile = 64 * 1024;

/** How much of the lost values a link keeps, newest first: how many, and how many bytes. */
export const historyLength = 20;
export const historyBytes = 64 * 1024;

/** How many intents a link keeps, the newest ones. */
export const intentsKept = 5;

/** How many documents that claim the same email a link names; an id has at most 1,500 bytes. */
const rivalsKept = 100;

/** Of an attribute of a developer, in bytes, as Apigee documents it. */
export const longestName = 1024;
export const longestValue = 2048;

/** In bytes. Firestore takes a field path of 1,500 bytes, of which the map that holds the attributes needs a part. */
const longestAttributeName = 1024;

/** What Firestore adds for each attribute in a link, in bytes: two field names, and one byte for each of four texts. */
const bytesPerAttribute = 16;

/** A developer about to be written, of whom a name may be missing. */
export interface DeveloperDraft {
  readonly email: string;
  readonly userName: string;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly attributes: Attributes;
  readonly others: Others;
}

/** A draft that keeps Apigee's documented limits. */
export interface CompleteDeveloper extends DeveloperDraft {
  readonly firstName: string;
  readonly lastName: string;
}

export type LimitCheck =
  | { readonly kind: 'ok'; readonly developer: CompleteDeveloper }
  /** One sentence naming field and limit (rule 18). */
  | { readonly kind: 'broken'; readonly problem: string };

export function checkLimits(draft: DeveloperDraft): LimitCheck {
  const { firstName, lastName } = draft;
  const missing = [firstName === undefined ? 'firstName' : undefined, lastName === undefined ? 'lastName' : undefined];
  const names = missing.filter((name) => name !== undefined);
  if (firstName === undefined || lastName === undefined) {
    return { kind: 'broken', problem: `${names.join(' and ')} missing: Apigee requires a first and a last name` };
  }
  if (draft.attributes.size > maxAttributes) {
    const count = String(draft.attributes.size);
    return { kind: 'broken', problem: `attributes: ${count} of them, Apigee takes at most ${String(maxAttributes)}` };
  }
  return { kind: 'ok', developer: { ...draft, firstName, lastName } };
}

/**
 * Why a profile that came from Apigee cannot be stored in Firestore, and what to do about it; undefined where it can.
 */
export function storageProblem(profile: Profile): string | undefined {
  const { firstName, lastName, attributes } = profile;
  const broken = [
    ...Object.entries({ firstName, lastName })
      .filter(([, value]) => value?.isWellFormed() === false)
      .map(([field]) => field),
    ...[...attributes]
      .filter(([name, value]) => !name.isWellFormed() || !value.isWellFormed())
      .map(([name]) => labelOf(name)),
  ];
  const [first] = broken;
  if (first !== undefined)
    return `${first}: not well-formed Unicode, which Firestore cannot store: correct it in Apigee`;
  if (profileBytes(profile) <= largestProfile) return undefined;
  return `attributes: with the names more than ${String(largestProfile)} bytes: shorten them in Apigee, or select fewer in PORTAL_MAPPING`;
}

/** Why these changes cannot be made in a portal document; undefined where they can. */
export function portalProblem(changes: readonly FieldChange[]): string | undefined {
  const name = changes
    .map(({ field }) => attributeName(field) ?? '')
    .find((it) => Buffer.byteLength(it) > longestAttributeName);
  if (name === undefined) return undefined;
  return `${labelOf(name)}: a name has at most ${String(longestAttributeName)} bytes on the portal: shorten it in Apigee`;
}

/** Bytes in UTF-8, each attribute with what storing it adds. */
export function profileBytes({ firstName, lastName, attributes }: Profile): number {
  let bytes = Buffer.byteLength(firstName ?? '') + Buffer.byteLength(lastName ?? '');
  for (const [name, value] of attributes)
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value) + bytesPerAttribute;
  return bytes;
}

/**
 * As many rivals as a link names, sorted. The next portal pass adds a rival that was left out, once another one is
 * gone.
 */
export function rivalsOf(ids: Iterable<string>): readonly string[] {
  return [...new Set(ids)].sort().slice(0, rivalsKept);
}

/** Whether a link names as many rivals as it can. */
export function isCrowded(rivals: readonly string[]): boolean {
  return rivals.length >= rivalsKept;
}

function labelOf(attribute: string): string {
  const shown = attribute.toWellFormed();
  return `attributes.${shown.length <= 80 ? shown : `${shown.slice(0, 80).toWellFormed()}…`}`;
}
