import {
  attributeName,
  type FieldChange,
  type FieldName,
  fieldsOf,
  type Profile,
  restrict,
  valueOf,
} from '../model/profile.ts';
import type { Base } from '../model/link.ts';
import { isLeftAlone } from './left-alone.ts';
import type { Policy } from '../model/policy.ts';

/** What has to travel so that both sides are in step again. */
export interface Merge {
  readonly toApigee: readonly FieldChange[];
  readonly toPortal: readonly FieldChange[];
  /**
   * Values that are overwritten, each with the side that had it: a newer edit of the same field wins, or the newer
   * record.
   */
  readonly lost: readonly { readonly field: FieldName; readonly side: Side; readonly value: string | undefined }[];
  /** Which sides changed since the base; both false on a first contact. */
  readonly portalChanged: boolean;
  readonly apigeeChanged: boolean;
  /** Fields that both sides changed, to different values. */
  readonly conflicts: readonly FieldName[];
  /** First or last name, where the portal removed it: Apigee requires both (rule 18). */
  readonly removedNames: readonly FieldName[];
}

export type Side = 'portal' | 'apigee';

export interface MergeInput {
  readonly portal: Profile;
  readonly developer: Profile;
  readonly newer: Side;
  readonly policy: Policy;
}

/** Rule 4: the portal wins only if it is truly newer. */
export function newerSide(portalUpdatedAt: number, developerModifiedAt: number): Side {
  return portalUpdatedAt > developerModifiedAt ? 'portal' : 'apigee';
}

/** Rule 4: without a base, everything that the newer side has is set on the other side, and nothing is removed. */
export function firstContact({ portal, developer, newer, policy }: MergeInput): Merge {
  const changes = copyOver({ portal, developer, newer, policy });
  return { ...changes, portalChanged: false, apigeeChanged: false, conflicts: [], removedNames: [] };
}

/** Rules 10 and 11: only what changed since the base travels. */
export function threeWay(input: MergeInput, base: Base, intents: readonly Profile[]): Merge {
  const { portal, developer, newer, policy } = input;
  const bases = { portal: restrict(base.portal, policy), developer: restrict(base.developer, policy) };
  const removalsTravel = base.mapping === policy.mapping;
  const verdicts = fieldsOf(portal, developer, bases.portal, bases.developer).map((field) =>
    judge(field, input, echoAware(field, bases, developer, intents), removalsTravel),
  );

  const portalChanged = verdicts.some((verdict) => verdict.portalChanged);
  const apigeeChanged = verdicts.some((verdict) => verdict.apigeeChanged);
  const conflicts = verdicts.filter((verdict) => verdict.conflict).map((verdict) => verdict.field);
  const removedNames = verdicts.filter((verdict) => verdict.removedName).map((verdict) => verdict.field);
  const flags = { portalChanged, apigeeChanged, conflicts, removedNames };
  if (policy.conflict === 'newest-record' && portalChanged && apigeeChanged) return { ...copyOver(input), ...flags };

  const travels = (verdict: Verdict, winner: Side): boolean =>
    verdict.portal !== verdict.developer &&
    (verdict.conflict ? newer === winner : winner === 'portal' ? verdict.portalChanged : verdict.apigeeChanged);
  return {
    toApigee: verdicts
      .filter((verdict) => travels(verdict, 'portal') && !verdict.removedName)
      .map(({ field, portal: value }) => ({ field, value })),
    toPortal: verdicts
      .filter((verdict) => travels(verdict, 'apigee'))
      .map(({ field, developer: value }) => ({ field, value })),
    lost: verdicts
      .filter((verdict) => verdict.conflict)
      .map((verdict) =>
        newer === 'portal'
          ? { field: verdict.field, side: 'apigee' as const, value: verdict.developer }
          : { field: verdict.field, side: 'portal' as const, value: verdict.portal },
      ),
    ...flags,
  };
}

interface Verdict {
  readonly field: FieldName;
  readonly portal: string | undefined;
  readonly developer: string | undefined;
  readonly portalChanged: boolean;
  readonly apigeeChanged: boolean;
  readonly conflict: boolean;
  readonly removedName: boolean;
}

interface BaseValues {
  readonly portal: string | undefined;
  readonly developer: string | undefined;
}

function judge(field: FieldName, input: MergeInput, base: BaseValues, removalsTravel: boolean): Verdict {
  const portal = valueOf(input.portal, field);
  const developer = valueOf(input.developer, field);
  const isName = attributeName(field) === undefined;
  const edited = (now: string | undefined, before: string | undefined): boolean =>
    now !== before && (now !== undefined || (removalsTravel && !isName));
  const portalChanged = mayTravel(field, 'portal', input.policy) && edited(portal, base.portal);
  const apigeeChanged = mayTravel(field, 'apigee', input.policy) && edited(developer, base.developer);
  return {
    field,
    portal,
    developer,
    portalChanged,
    apigeeChanged,
    conflict: portalChanged && apigeeChanged && portal !== developer,
    removedName:
      isName &&
      removalsTravel &&
      portal === undefined &&
      base.portal !== undefined &&
      mayTravel(field, 'portal', input.policy) &&
      input.policy.newDeveloper?.has(field) !== true,
  };
}

/**
 * The base of one field. Where the developer shows the value of an intent, our own push was applied and never recorded:
 * for that field, the value that was sent is what both sides last agreed on (rules 23, 24).
 */
function echoAware(
  field: FieldName,
  bases: { readonly portal: Profile; readonly developer: Profile },
  developer: Profile,
  intents: readonly Profile[],
): BaseValues {
  const stored = { portal: valueOf(bases.portal, field), developer: valueOf(bases.developer, field) };
  const now = valueOf(developer, field);
  if (now === stored.developer) return stored;
  const wasApplied = now !== stored.portal && intents.some((intent) => valueOf(intent, field) === now);
  return wasApplied ? { portal: now, developer: now } : stored;
}

/**
 * The changes that set everything the newer side has on the other side. None of them removes anything. A developer who has just
 * the default of a field that the portal user lacks was given it, and has no value of their own there.
 */
function copyOver({ portal, developer, newer, policy }: MergeInput): Pick<Merge, 'toApigee' | 'toPortal' | 'lost'> {
  const [from, to] = newer === 'portal' ? [portal, developer] : [developer, portal];
  const isFiller = (field: FieldName, value: string): boolean =>
    newer === 'apigee' && valueOf(portal, field) === undefined && policy.newDeveloper?.get(field) === value;
  const changes = fieldsOf(from)
    .filter((field) => mayTravel(field, newer, policy))
    .map((field) => ({ field, value: valueOf(from, field) }))
    .filter(({ field, value }) => value !== undefined && value !== valueOf(to, field) && !isFiller(field, value));
  const loser: Side = newer === 'portal' ? 'apigee' : 'portal';
  const lost = changes
    .map(({ field }) => ({ field, side: loser, value: valueOf(to, field) }))
    .filter(({ value }) => value !== undefined);
  return newer === 'portal' ? { toApigee: changes, toPortal: [], lost } : { toApigee: [], toPortal: changes, lost };
}

function mayTravel(field: FieldName, from: Side, policy: Policy): boolean {
  if (isLeftAlone(field, policy)) return false;
  const name = attributeName(field);
  if (name === undefined) return true;
  const direction = policy.directionOf(name);
  return direction === 'both' || direction === (from === 'portal' ? 'to-apigee' : 'to-portal');
}
