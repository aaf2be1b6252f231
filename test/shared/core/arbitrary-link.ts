import fc from 'fast-check';
import type { PortalSide, Subject } from '../../../shared/core/model/decision.ts';
import { newLink, type HoldReason, type Link, type Presence } from '../../../shared/core/model/link.ts';
import { ann, developer, portalUser, profile } from './world.ts';

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const time = fc.integer({ min: 1, max: 20_000 });
const ids = fc.uniqueArray(fc.constantFrom('doc-bob', 'doc-cid', 'doc-eve')).map((list) => list.toSorted());
const holdReasons: readonly HoldReason[] = [
  'portal-collision',
  'rename-refused',
  'developer-deleted',
  'destructive-limit',
  'undone',
];
const reference = fc.record({
  email: fc.constant<string>(ann),
  developerId: fc.constantFrom('dev-1', 'dev-2'),
  modifiedAt: time,
});

/** Any link that keeps the invariants of `checkLink`, likely or not. */
export const anyLink: fc.Arbitrary<Link> = fc
  .record({
    presence: fc.constantFrom<Presence>('both', 'portal', 'apigee', 'none'),
    userId: fc.constantFrom('doc-ann', 'doc-eve'),
    rivals: ids,
    developer: maybe(reference),
    base: maybe(fc.record({ portal: profile, developer: profile, mapping: fc.constantFrom('m1', 'm0') })),
    intents: fc.array(profile, { maxLength: 3 }),
    deactivationIntent: maybe(fc.constantFrom('dev-1', 'dev-2').map((developerId) => ({ developerId }))),
    owesDeletion: maybe(fc.constant(true)),
    undoIntent: maybe(
      fc.record({
        developerId: fc.constantFrom('dev-1', 'dev-2'),
        deletes: fc.boolean(),
        fields: fc.constant([{ field: 'firstName', before: 'Ann', after: 'Anne' } as const]),
        written: fc.constant(undefined),
      }),
    ),
    undone: maybe(fc.constant(['firstName'])),
    tombstone: maybe(
      fc.record({
        side: fc.constantFrom('portal' as const, 'developer' as const),
        at: time,
        developerId: maybe(fc.constantFrom('dev-1', 'dev-2')),
        deactivated: fc.boolean(),
        undone: maybe(fc.constant(true as const)),
      }),
    ),
    hold: maybe(fc.record({ reason: fc.constantFrom(...holdReasons), detail: fc.constant('why'), since: time })),
    failure: maybe(
      fc.constantFrom('permanent' as const, 'transient' as const).map((kind) => ({
        kind,
        message: 'no',
        fingerprint: kind === 'permanent' ? 'print' : '',
        attempts: 1,
        since: 1,
      })),
    ),
    due: maybe(time),
    lease: maybe(fc.record({ holder: fc.constant('me'), expiresAt: time })),
  })
  .map(({ userId, rivals, developer: known, base, ...rest }) => {
    const isOnPortal = rest.presence === 'portal' || rest.presence === 'both';
    const isInStep = known !== undefined && rest.presence !== 'none' && (isOnPortal || rest.presence === 'apigee');
    return {
      ...newLink(ann),
      ...rest,
      userId: isOnPortal ? userId : undefined,
      rivals: rivals.filter((id) => !isOnPortal || id !== userId),
      developer: known,
      base: isInStep ? base : undefined,
    };
  });

const portalSide: fc.Arbitrary<PortalSide> = fc.oneof(
  fc.constant({ kind: 'absent' as const }),
  fc
    .tuple(portalUser, fc.constantFrom('doc-ann', 'doc-eve'), fc.boolean())
    .map(([user, id, emailVerified]) => ({ kind: 'user' as const, user: { ...user, id, emailVerified }, email: ann })),
  portalUser.map((user) => ({
    kind: 'user' as const,
    user: { ...user, email: 'anne@example.com' },
    email: 'anne@example.com' as typeof ann,
  })),
  fc.constant({ kind: 'malformed' as const, id: 'doc-ann', problems: ['firstName: must be text'] }),
  fc.constant({ kind: 'collision' as const, bound: 'doc-ann' }),
);

/** Any subject around any link. */
export const anySubject: fc.Arbitrary<Subject & { readonly link: Link }> = fc
  .record({
    portal: portalSide,
    developer: maybe(developer),
    link: anyLink,
    rivals: ids,
    renameTarget: fc.constantFrom('free' as const, 'unclaimed' as const, 'taken' as const),
  })
  .map(({ developer: found, rivals, ...rest }) => ({
    key: ann,
    ...rest,
    rivals: rivals.filter((id) => rest.portal.kind !== 'user' || id !== rest.portal.user.id),
    developer: found === undefined ? { kind: 'absent' } : { kind: 'developer', developer: found },
  }));
