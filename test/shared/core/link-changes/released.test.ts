import { describe, expect, test } from 'vitest';
import { decide } from '../../../../shared/core/decide/decide.ts';
import { newLink, type HoldReason, type Link, type Tombstone } from '../../../../shared/core/model/link.ts';
import { release } from '../../../../shared/core/link-changes/released.ts';
import { ann, developerOf, policyOf, profileOf, subjectOf, userOf } from '../world.ts';

const now = 5000;

function linkOf(changes: Partial<Link>): Link {
  return { ...newLink(ann), presence: 'both', userId: 'doc-ann', ...changes };
}

function buriedOf(side: Tombstone['side'], presence: Link['presence']): Link {
  const tombstone = { side, at: 10, developerId: 'dev-1', deactivated: false };
  return linkOf({ presence, userId: presence === 'portal' ? 'doc-ann' : undefined, tombstone });
}

const hold = (reason: HoldReason) => ({ reason, detail: 'because', since: 7 });
const inStep = {
  developer: { email: ann, developerId: 'dev-1', modifiedAt: 1000 },
  base: { portal: profileOf(), developer: profileOf(), mapping: 'm1' },
};

const failure = { kind: 'permanent', message: 'm', fingerprint: 'f', attempts: 1, since: 1 } as const;

describe('releasing a person', () => {
  test.each([
    'destructive-limit',
    'portal-collision',
    'developer-collision',
    'rename-refused',
    'rename-collision',
  ] as const)('held for %s: they are due now, and held until that look has decided', (reason) => {
    const link = linkOf({ ...inStep, hold: hold(reason) });
    expect(release(link, now)).toEqual({ kind: 'released', was: reason, link: { ...link, due: now } });
  });

  test.each([
    ['developer-deleted', { ...buriedOf('developer', 'portal'), hold: hold('developer-deleted') }],
    ['buried', buriedOf('developer', 'portal')],
    ['buried', buriedOf('portal', 'apigee')],
    ['buried', buriedOf('both', 'apigee')],
  ] as const)('%s: what was deleted is forgotten', (was, link) => {
    expect(release(link, now)).toEqual({ kind: 'released', was, link: { ...link, tombstone: undefined, due: now } });
  });

  test('failed for good: the failure is forgotten, and they are tried once more (rule 25)', () => {
    const link = linkOf({ ...inStep, failure });
    const after = { ...link, failure: undefined, due: now };
    expect(release(link, now)).toEqual({ kind: 'released', was: 'failure', link: after });
  });

  test.each([
    ['somebody unknown', undefined],
    ['a person in step', linkOf(inStep)],
    ['a person who is tried again anyway', linkOf({ failure: { ...failure, kind: 'transient' } })],
    ['deleted on both sides', buriedOf('both', 'none')],
    ['a portal user whose like was deleted before', buriedOf('portal', 'portal')],
    ['both there again', buriedOf('developer', 'both')],
  ])('%s: nothing is held', (_, link) => {
    expect(release(link, now)).toEqual({ kind: 'nothing-held' });
  });

  test.each(['recreate', 'hold', 'deactivate', 'delete'] as const)(
    'whose developer was deleted: they are created again under APIGEE_DELETE_POLICY=%s',
    (apigeeDelete) => {
      const policy = policyOf({ apigeeDelete });
      for (const held of [undefined, hold('developer-deleted')]) {
        const released = release({ ...buriedOf('developer', 'portal'), hold: held }, now);
        if (released.kind !== 'released') throw new Error('nothing was held');
        const subject = subjectOf({ portal: userOf(), developer: undefined, link: released.link, now });
        expect(decide(subject, policy)).toMatchObject({ situation: 'portal-only', outcome: 'created-apigee' });
      }
    },
  );

  test.each(['deactivate', 'delete', 'keep'] as const)(
    'whose portal user was deleted: they are created again under PORTAL_DELETE_POLICY=%s',
    (portalDelete) => {
      const released = release(buriedOf('portal', 'apigee'), now);
      if (released.kind !== 'released') throw new Error('nothing was held');
      const subject = subjectOf({ portal: undefined, developer: developerOf(), link: released.link, now });
      expect(decide(subject, policyOf({ portalDelete }))).toMatchObject({ outcome: 'created-portal' });
    },
  );
});
