import { expect, test } from 'vitest';
import { backoff, wasTriedBefore } from '../../../../shared/core/link-changes/interrupted.ts';
import { decisionOf } from '../../../../shared/core/decide/parts.ts';
import { newLink, type Link } from '../../../../shared/core/model/link.ts';
import { ann } from '../world.ts';

const minute = 60_000;

test('each failure in a row is waited for twice as long, up to six hours, and none is the last (rule 7)', () => {
  expect([1, 2, 3, 4, 9, 10].map((attempts) => backoff(attempts) / minute)).toEqual([1, 2, 4, 8, 256, 360]);
  for (const attempts of [11, 100, 10_000, Number.MAX_SAFE_INTEGER]) expect(backoff(attempts)).toBe(360 * minute);
});

test('fields are compared one by one: an attribute may have any character in its name', () => {
  const failure = { kind: 'transient', message: 'later', fingerprint: '', attempts: 1, since: 0 } as const;
  const last = {
    by: { kind: 'push' },
    outcome: 'failed',
    situation: 'portal-changed',
    reason: 'later',
    at: 0,
  } as const;
  const link: Link = { ...newLink(ann), failure, last: { ...last, fields: ['attributes.a', 'attributes.b'] } };
  const decision = decisionOf('portal-changed', 'changed');
  expect(wasTriedBefore({ link }, { ...decision, fields: ['attributes.a', 'attributes.b'] })).toBe(true);
  expect(wasTriedBefore({ link }, { ...decision, fields: ['attributes.a,attributes.b'] })).toBe(false);
});
