import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../../../shared/core/decide/decide.ts';
import type { Policy } from '../../../../shared/core/model/policy.ts';
import { changesBetween, developerProfile, fieldsOf, valueOf } from '../../../../shared/core/model/profile.ts';
import { isNoOp } from '../../../../shared/core/next-step/no-op.ts';
import {
  applied,
  crashed,
  developer,
  lived,
  policy,
  portalUser,
  policyOf,
  profileOf,
  subjectOf,
  type World,
} from '../world.ts';

const runs = { numRuns: 2000 };
const strangers = fc.record({
  policy,
  world: fc.record({
    portal: fc.option(portalUser, { nil: undefined }),
    developer: fc.option(developer, { nil: undefined }),
    link: fc.constant(undefined),
    now: fc.constant(10_000),
  }),
});
const anyone = fc.oneof(
  strangers,
  lived.map(({ world, policy }): { world: World; policy: Policy } => ({ world, policy })),
);

describe('deciding', () => {
  test('reaches "nothing to do" within two steps from any state (rule 12)', () => {
    fc.assert(
      fc.property(anyone, ({ world, policy }) => {
        const end = applied(applied(world, policy), policy);
        expect(isNoOp(subjectOf(end), decide(subjectOf(end), policy), policy)).toBe(true);
      }),
      runs,
    );
  });

  test('is deterministic', () => {
    fc.assert(
      fc.property(anyone, ({ world, policy }) => {
        expect(decide(subjectOf(world), policy)).toEqual(decide(subjectOf(world), policy));
      }),
      runs,
    );
  });

  test('loses no edit of a field that the other side left alone (rule 10)', () => {
    fc.assert(
      fc.property(lived, ({ before, world, policy }) => {
        fc.pre(policy.conflict === 'merge');
        const { portal, developer, link } = world;
        fc.pre(portal !== undefined && developer !== undefined && link?.base !== undefined);
        if (portal === undefined || developer === undefined || link?.base === undefined) return;
        const end = applied(world, policy);
        if (end.portal === undefined || end.developer === undefined) throw new Error('somebody vanished');
        const seen = developerProfile(developer, policy);
        const result = { portal: end.portal.profile, developer: developerProfile(end.developer, policy) };
        for (const field of fieldsOf(portal.profile, seen, link.base.portal, link.base.developer)) {
          const direction = field.startsWith('attributes.') ? policy.directionOf(field.slice(11)) : 'both';
          const portalEdited =
            valueOf(portal.profile, field) !== valueOf(link.base.portal, field) && direction !== 'to-portal';
          const apigeeEdited =
            valueOf(seen, field) !== valueOf(link.base.developer, field) && direction !== 'to-apigee';
          if (portalEdited === apigeeEdited) continue;
          const wanted = portalEdited ? valueOf(portal.profile, field) : valueOf(seen, field);
          expect([field, valueOf(result.portal, field), valueOf(result.developer, field)]).toEqual([
            field,
            wanted,
            wanted,
          ]);
        }
        expect(before.link).toBeDefined();
      }),
      runs,
    );
  });

  test('keeps the losing value of every conflict in the history (rule 11)', () => {
    fc.assert(
      fc.property(lived, ({ world, policy }) => {
        const decision = decide(subjectOf(world), policy);
        fc.pre(decision.situation === 'conflict' && policy.conflict === 'merge');
        const end = applied(world, policy);
        const kept = end.link?.history.map(({ at: _, ...entry }) => entry);
        expect(decision.lost.length).toBeGreaterThan(0);
        expect(kept).toEqual(expect.arrayContaining([...decision.lost]));
      }),
      // Few of them are conflicts, so that many more are drawn.
      { numRuns: 1000 },
    );
  });

  test('never drops or copies a foreign attribute (rule 13)', () => {
    fc.assert(
      fc.property(anyone, ({ world, policy }) => {
        const { developer } = world;
        fc.pre(developer !== undefined);
        const end = applied(world, policy);
        fc.pre(end.developer !== undefined && end.developer.developerId === developer?.developerId);
        const foreign = (attributes: ReadonlyMap<string, string> | undefined) =>
          [...(attributes ?? [])].filter(([name]) => policy.directionOf(name) === undefined).sort();
        expect(foreign(end.developer?.attributes)).toEqual(foreign(developer?.attributes));
        expect(foreign(end.portal?.profile.attributes)).toEqual([]);
      }),
      runs,
    );
  });

  test('never touches anyone outside the filter', () => {
    fc.assert(
      fc.property(anyone, ({ world, policy }) => {
        const decision = decide(subjectOf(world), { ...policy, inScope: () => false });
        expect(decision).toMatchObject({ outcome: 'ignored', apigee: [], portal: undefined, end: { kind: 'as-is' } });
      }),
      runs,
    );
  });

  test('never activates a developer that Apigee deactivated, unless the portal status itself was edited (rule 14)', () => {
    fc.assert(
      fc.property(lived, ({ world, policy }) => {
        const { portal, link } = world;
        fc.pre(portal !== undefined && link?.base !== undefined && portal.profile.status === link.base.portal.status);
        const decision = decide(subjectOf(world), policy);
        fc.pre(world.developer !== undefined);
        expect(decision.apigee.filter((step) => step.kind === 'set-status')).toEqual([]);
      }),
      runs,
    );
  });

  test('brings nobody back that was deleted, and deletes nobody without its policy (rule 15)', () => {
    fc.assert(
      fc.property(lived, ({ world, policy }) => {
        const decision = decide(subjectOf(world), policy);
        const kinds = [...decision.apigee.map((step) => step.kind), decision.portal?.kind];
        if (world.portal === undefined && world.link?.base !== undefined) expect(decision.portal).toBeUndefined();
        if (kinds.includes('delete')) expect(decision.destructive).toBe(true);
        if (decision.destructive) {
          expect(
            [policy.portalDelete, policy.apigeeDelete].some((choice) => choice === 'delete' || choice === 'deactivate'),
          ).toBe(true);
          expect(world.portal === undefined || world.developer === undefined).toBe(true);
        }
      }),
      runs,
    );
  });

  test('ends the same after a crash behind any of its calls, fields merged (rule 24)', () => {
    fc.assert(
      fc.property(anyone, fc.nat(3), ({ world, policy }, steps) => {
        fc.pre(policy.conflict === 'merge' && world.link !== undefined);
        const decision = decide(subjectOf(world), policy);
        fc.pre(steps <= decision.apigee.length && decision.end.kind !== 'both-buried');
        const smooth = applied(applied(world, policy), policy);
        const recovered = applied(applied(crashed(world, decision, steps), policy), policy);
        const visible = ({ portal, developer }: World) => ({
          portal: portal?.profile,
          developer: developer && { ...developer, developerId: '', createdAt: 0, lastModifiedAt: 0 },
        });
        expect(visible(recovered)).toEqual(visible(smooth));
        expect(isNoOp(subjectOf(recovered), decide(subjectOf(recovered), policy), policy)).toBe(true);
      }),
      runs,
    );
  });

  test('copies the whole newer record where CONFLICT_POLICY=newest-record and both changed (rule 11)', () => {
    fc.assert(
      fc.property(lived, ({ world }) => {
        const policy = policyOf({ conflict: 'newest-record' });
        const { portal, developer } = world;
        const decision = decide(subjectOf(world), policy);
        const edited = changesBetween(world.link?.base?.portal ?? profileOf(), portal?.profile ?? profileOf());
        fc.pre(edited.length > 0 && (decision.situation === 'both-changed' || decision.situation === 'conflict'));
        if (portal === undefined || developer === undefined) throw new Error('somebody vanished');
        const end = applied(world, policy);
        const newer =
          portal.updatedAt > developer.lastModifiedAt ? portal.profile : developerProfile(developer, policy);
        const ends = [end.portal?.profile, end.developer && developerProfile(end.developer, policy)];
        for (const side of ends) {
          for (const field of fieldsOf(newer)) {
            if (valueOf(newer, field) !== undefined) expect(side && valueOf(side, field)).toBe(valueOf(newer, field));
          }
        }
      }),
      runs,
    );
  });
});
