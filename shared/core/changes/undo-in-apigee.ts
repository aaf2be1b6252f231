import type { Change } from '../model/change.ts';
import type { ApigeeStep, Subject } from '../model/decision.ts';
import { checkLimits, maxAttributes, storageProblem, type LimitCheck } from '../model/limits.ts';
import type { Policy } from '../model/policy.ts';
import {
  attributeName,
  developerProfile,
  presentName,
  withChanges,
  type Developer,
  type FieldChange,
} from '../model/profile.ts';
import { isAsCreated, keptRecord, restorable, type Kept, type SideUndo } from './undo-fields.ts';

/** What is undone in Apigee. */
export function undoInApigee(
  { developer: side, portal }: Subject,
  change: Change,
  hasApps: boolean,
  policy: Policy,
): SideUndo<ApigeeStep> {
  const act = change.acts.apigee;
  if (act === undefined) return { steps: [], kept: [], removes: false };
  if (act === 'deleted') return kept('a deleted developer cannot come back, nor can apps and keys: create a new one');
  if (side.kind !== 'developer') return kept('Apigee does not find the developer: if there is one, undo it once more');
  const { developer } = side;
  if (change.developerId !== undefined && change.developerId !== developer.developerId)
    return kept('the developer is another one by now');
  return act === 'created'
    ? undoCreation(developer, change, hasApps)
    : undoUpdate(developer, change, policy, { portal });
}

function undoCreation(developer: Developer, { fields, developerId }: Change, hasApps: boolean): SideUndo<ApigeeStep> {
  const { email, userName, firstName, lastName, status, attributes } = developer;
  // With every attribute: one that is not selected was added by somebody, too.
  const profile = { firstName, lastName, status, attributes };
  const isUnchanged = developerId !== undefined && isAsCreated('apigee', fields, { email, userName, profile });
  if (!isUnchanged)
    return kept('the developer has been changed since: run devsync developers deactivate EMAIL instead');
  if (hasApps) return kept('the developer has apps: run devsync developers deactivate EMAIL instead');
  return { steps: [{ kind: 'delete', email }], kept: [], removes: true };
}

function undoUpdate(
  developer: Developer,
  { fields }: Change,
  policy: Policy,
  found: Pick<Subject, 'portal'>,
): SideUndo<ApigeeStep> {
  const profile = developerProfile(developer, policy);
  const { changes: all, status, kept: keptFields } = restorable('apigee', fields, profile, found);
  const { changes, tooMany } = withinLimit(developer, all);
  const problem = storageProblem(withChanges(profile, changes));
  const check = changes.length === 0 ? undefined : developerAfter(developer, changes);
  const broken = problem ?? (check?.kind === 'broken' ? check.problem : undefined);
  const put: readonly ApigeeStep[] =
    check?.kind === 'ok' && broken === undefined
      ? [{ kind: 'update', email: developer.email, developer: check.developer }]
      : [];
  const set: readonly ApigeeStep[] =
    status === undefined ? [] : [{ kind: 'set-status', email: developer.email, status }];
  const unfit =
    broken === undefined ? [] : changes.map(({ field }) => ({ side: 'apigee', field, why: broken }) as const);
  return { steps: [...put, ...set], kept: [...keptFields, ...tooMany, ...unfit], removes: false };
}

/** The changes without the attributes that would be one too many (rule 9). */
function withinLimit(
  { attributes }: Developer,
  all: readonly FieldChange[],
): { readonly changes: readonly FieldChange[]; readonly tooMany: readonly Kept[] } {
  const adds = ({ field, value }: FieldChange): boolean => {
    const name = attributeName(field);
    return name !== undefined && value !== undefined && !attributes.has(name);
  };
  const removed = all.filter(({ field, value }) => attributeName(field) !== undefined && value === undefined).length;
  const added = all.filter(adds);
  const room = Math.max(0, maxAttributes - attributes.size + removed);
  const left = new Set(added.slice(room));
  const why = `Apigee takes at most ${String(maxAttributes)} attributes`;
  return {
    changes: all.filter((change) => !left.has(change)),
    tooMany: [...left].map(({ field }) => ({ side: 'apigee', field, why })),
  };
}

/** Rules 13, 30: everything that is there now, and the values before. */
function developerAfter(developer: Developer, changes: readonly FieldChange[]): LimitCheck {
  const { email, userName, others } = developer;
  const profile = {
    ...developer,
    firstName: presentName(developer.firstName),
    lastName: presentName(developer.lastName),
  };
  const { firstName, lastName, attributes } = withChanges(profile, changes);
  return checkLimits({ email, userName: presentName(userName) ?? email, firstName, lastName, attributes, others });
}

function kept(why: string): SideUndo<ApigeeStep> {
  return { steps: [], kept: [keptRecord('apigee', why)], removes: false };
}
