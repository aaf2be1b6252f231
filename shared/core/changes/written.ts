import type { ApigeeStep, Decision, PortalStep, Subject } from '../model/decision.ts';
import type { CompleteDeveloper } from '../model/limits.ts';
import type { Act, FieldWrite, Side, Written } from '../model/change.ts';
import type { Policy } from '../model/policy.ts';
import {
  attributeName,
  developerProfile,
  fieldsOf,
  valueOf,
  withChanges,
  type Developer,
  type PortalUser,
  type Profile,
  type WrittenField,
} from '../model/profile.ts';

/** A side as people know it: what is synchronised, and what names the person. */
interface Image {
  readonly email: string | undefined;
  readonly userName: string | undefined;
  readonly profile: Profile;
}

/** Who is found on both sides, read as one; undefined: nobody. */
export interface Found {
  readonly user: PortalUser | undefined;
  readonly developer: Developer | undefined;
}

export function foundIn({ portal, developer }: Pick<Subject, 'portal' | 'developer'>): Found {
  return {
    user: portal.kind === 'user' ? portal.user : undefined,
    developer: developer.kind === 'developer' ? developer.developer : undefined,
  };
}

/** What these steps write to both sides, field by field (rules 34, 36). */
export function writtenBy(
  { user, developer }: Found,
  { apigee, portal }: Pick<Decision, 'apigee' | 'portal'>,
  policy: Policy,
): Written {
  const onPortal = portalWrites(user, portal);
  const inApigee = apigeeWrites(developer, apigee, policy);
  return {
    acts: { portal: onPortal.act, apigee: inApigee.act },
    fields: [...onPortal.fields, ...inApigee.fields],
  };
}

interface SideWrites {
  readonly act: Act | undefined;
  readonly fields: readonly FieldWrite[];
}

function portalWrites(user: PortalUser | undefined, step: PortalStep | undefined): SideWrites {
  if (step === undefined) return { act: undefined, fields: [] };
  const before = user && { email: user.email, userName: user.userName, profile: user.profile };
  switch (step.kind) {
    case 'create': {
      const { email, userName, ...profile } = step.user;
      return { act: 'created', fields: between('portal', undefined, { email, userName, profile }) };
    }
    case 'delete':
      return { act: 'deleted', fields: between('portal', before, undefined) };
    case 'update': {
      const after = before && { ...before, profile: withChanges(before.profile, step.changes) };
      const fields = between('portal', before, after).map((write) => ({ ...write, ...formBefore(write, user) }));
      return { act: 'updated', fields };
    }
    case 'set-status': {
      const after = before && { ...before, profile: { ...before.profile, status: step.status } };
      return { act: 'updated', fields: between('portal', before, after) };
    }
  }
}

/** A value that is removed leaves nothing in the document that would say in which form it was. */
function formBefore({ field }: FieldWrite, user: PortalUser | undefined): Pick<FieldWrite, 'held'> {
  const held = user?.held?.attributes.get(attributeName(field) ?? '');
  return held === undefined ? {} : { held };
}

function apigeeWrites(developer: Developer | undefined, steps: readonly ApigeeStep[], policy: Policy): SideWrites {
  const found = developer && imageOfDeveloper(developer, policy);
  let now = found;
  let act: Act | undefined;
  for (const step of steps) {
    switch (step.kind) {
      case 'create':
        act = 'created';
        now = imageOfDraft(step.developer, 'active', policy);
        break;
      case 'update':
        act ??= 'updated';
        now = imageOfDraft(step.developer, now?.profile.status, policy);
        break;
      case 'set-status':
        act ??= 'updated';
        now &&= { ...now, profile: { ...now.profile, status: step.status } };
        break;
      case 'delete':
        act = 'deleted';
        now = undefined;
        break;
    }
  }
  return { act, fields: act === undefined ? [] : between('apigee', found, now) };
}

function imageOfDeveloper(developer: Developer, policy: Policy): Image {
  const { email, userName } = developer;
  return { email, userName, profile: developerProfile(developer, policy) };
}

/** `status`: PUT and POST do not set it (rule 9). */
function imageOfDraft(draft: CompleteDeveloper, status: string | undefined, policy: Policy): Image {
  const unknown = { developerId: '', createdAt: 0, lastModifiedAt: 0 };
  const image = imageOfDeveloper({ ...draft, ...unknown, status: status ?? 'active' }, policy);
  return { ...image, profile: { ...image.profile, status } };
}

const nothing: Profile = { firstName: undefined, lastName: undefined, status: undefined, attributes: new Map() };

/** The fields that differ; undefined: there is nobody. */
function between(side: Side, before: Image | undefined, after: Image | undefined): readonly FieldWrite[] {
  const from = before ?? { email: undefined, userName: undefined, profile: nothing };
  const to = after ?? { email: undefined, userName: undefined, profile: nothing };
  const all: readonly (readonly [WrittenField, string | undefined, string | undefined])[] = [
    ['email', from.email, to.email],
    ['userName', from.userName, to.userName],
    ...fieldsOf(from.profile, to.profile).map(
      (field) => [field, valueOf(from.profile, field), valueOf(to.profile, field)] as const,
    ),
    ['status', from.profile.status, to.profile.status],
  ];
  return all
    .filter(([, old, now]) => old !== now)
    .map(([field, old, now]) => ({ side, field, before: old, after: now }));
}
