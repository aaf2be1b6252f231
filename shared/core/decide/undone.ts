import type { DeveloperSide } from '../model/decision.ts';
import type { Base, Link, UndoIntent } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import { developerProfile, valueOf, withChanges, type FieldName, type Profile } from '../model/profile.ts';
import { contentFingerprint } from './fingerprint.ts';

/*
 * What an undo left on a link (rule 35). It puts values back on one side only: that side's base gets them, too, so that
 * neither side counts as changed.
 */

/**
 * The link with what the developer shows of an undo whose call was never recorded (rule 24). Where the developer is gone, a
 * deletion that was about to be made stays noted.
 */
export function withUndoHeard(link: Link, side: DeveloperSide, policy: Policy): Link {
  const { undoIntent: intent, base, developer: known } = link;
  if (intent === undefined || side.kind !== 'developer') return link;
  const without = { ...link, undoIntent: undefined };
  const { developer } = side;
  if (intent.deletes || intent.developerId !== developer.developerId) return without;
  const isWritten =
    known?.developerId === intent.developerId && intent.written?.content === contentFingerprint(developer);
  const heard = isWritten ? { ...without, developer: { ...known, written: intent.written } } : without;
  if (base === undefined) return heard;
  const fields = unheardFields(intent, developerProfile(developer, policy));
  const now = { ...base, developer: withValues(base.developer, fields) };
  return {
    ...heard,
    base: now,
    undone: stillApart([...(link.undone ?? []), ...fields.map(({ field }) => field)], now),
  };
}

/** The fields that a developer shows as an unrecorded undo was about to set them. */
export function unheardFields({ deletes, fields }: UndoIntent, now: Profile): UndoIntent['fields'] {
  if (deletes) return [];
  return fields.filter(
    ({ field, after }) => field !== 'email' && field !== 'userName' && valueIn(now, field) === after,
  );
}

/** Those of the fields that the two sides' bases still differ in; undefined: none. */
export function stillApart(fields: readonly string[] | undefined, base: Base | undefined): Link['undone'] {
  if (fields === undefined || base === undefined) return undefined;
  const apart = [...new Set(fields)].filter((field) => differs(base, field)).sort();
  return apart.length === 0 ? undefined : apart;
}

/** The profile with these values, the status among them. */
export function withValues(profile: Profile, values: UndoIntent['fields']): Profile {
  const status = values.find(({ field }) => field === 'status');
  const changes = values.flatMap(({ field, after: value }) =>
    field === 'status' || field === 'email' || field === 'userName' ? [] : [{ field, value }],
  );
  const changed = withChanges(profile, changes);
  return status === undefined ? changed : { ...changed, status: status.after };
}

function valueIn(profile: Profile, field: FieldName | 'status'): string | undefined {
  return field === 'status' ? profile.status : valueOf(profile, field);
}

function differs({ portal, developer }: Base, name: string): boolean {
  if (name === 'status' || name === 'firstName' || name === 'lastName') return portal[name] !== developer[name];
  const attribute = name.slice('attributes.'.length);
  return portal.attributes.get(attribute) !== developer.attributes.get(attribute);
}
