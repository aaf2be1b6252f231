import { expect, test } from 'vitest';
import { decide } from '../../../../shared/core/decide/decide.ts';
import {
  intentsKept,
  historyBytes,
  historyLength,
  largestProfile,
  rivalsOf,
} from '../../../../shared/core/model/limits.ts';
import { newLink, type Link } from '../../../../shared/core/model/link.ts';
import type { Profile } from '../../../../shared/core/model/profile.ts';
import { encodeLink } from '../../../../shared/state/link-document.ts';
import { ann, developerOf, policyOf, profileOf, subjectOf, userOf } from '../world.ts';

const mebibyte = 1024 * 1024;

/** As Firestore counts: texts and field names by their bytes and one more, numbers and times eight. */
function storedBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value) + 1;
  if (typeof value === 'number') return 8;
  if (typeof value === 'boolean') return 1;
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + storedBytes(entry), 0);
  if (typeof value !== 'object' || value === null) return 1;
  return Object.entries(value).reduce(
    (sum, [name, entry]) => sum + Buffer.byteLength(name) + 1 + storedBytes(entry),
    0,
  );
}

const attributesOf = (count: number, nameBytes: number, valueBytes: number): ReadonlyMap<string, string> =>
  new Map(
    Array.from(
      { length: count },
      (_, index) => [String(index).padStart(nameBytes, 'n'), 'v'.repeat(valueBytes)] as const,
    ),
  );

test.each([
  ['many small attributes', Math.floor((largestProfile - 6) / (16 + 5)), 5, 0],
  ['few large ones', 16, 10, largestProfile / 16 - 27],
  ['long names', 64, largestProfile / 64 - 17, 0],
])('a link full of the largest profiles, with %s, is far from the limit of a document', (_, count, name, value) => {
  const profile: Profile = profileOf({ attributes: attributesOf(count, name, value) });
  const fields = [...profile.attributes.keys()].flatMap((it) => [`attributes.${it}`, `attributes.x${it.slice(1)}`]);
  const link: Link = {
    ...newLink(ann),
    presence: 'both',
    userId: 'p'.repeat(1500),
    rivals: rivalsOf(Array.from({ length: 1000 }, (_entry, index) => String(index).padStart(1500, 'r'))),
    base: { portal: profile, developer: profile, mapping: 'm'.repeat(16) },
    intents: Array.from({ length: intentsKept }, () => profile),
    history: Array.from({ length: historyLength }, () => ({
      field: 'firstName',
      side: 'portal',
      value: 'v'.repeat(historyBytes / historyLength),
      at: 1,
    })),
    last: {
      by: { kind: 'run', runId: 'run' },
      outcome: 'failed',
      situation: 'in-step',
      reason: 'r'.repeat(2000),
      fields,
      at: 1,
    },
  };
  expect(storedBytes(encodeLink(link))).toBeLessThan(0.9 * mebibyte);
});

test.each([
  ['a name that is no Unicode', { firstName: 'A\ud800' }, 'firstName: not well-formed Unicode'],
  ['a value that is no Unicode', { attributes: new Map([['tier', '\udfff']]) }, 'attributes.tier: not well-formed'],
  ['an attribute whose name is no Unicode', { attributes: new Map([['t\ud800', 'x']]) }, 'attributes.t\ufffd: not'],
  [
    'too large attributes',
    { attributes: attributesOf(17, 10, 4000) },
    'attributes: with the names more than 65536 bytes',
  ],
  ['an attribute with too long a name', { attributes: attributesOf(1, 1025, 1) }, 'a name has at most 1024 bytes'],
])('a developer with %s fails, and nobody is created or changed on the portal (rule 18)', (_, profile, reason) => {
  for (const portal of [undefined, userOf()]) {
    const developer = developerOf(profile, { lastModifiedAt: 5000 });
    const decision = decide(subjectOf({ portal, developer, link: undefined, now: 10_000 }), policyOf());
    expect(decision).toMatchObject({ outcome: 'failed', portal: undefined, apigee: [] });
    expect(decision.reason).toContain(reason);
    expect(decision.reason.length).toBeLessThan(300);
  }
});

test('values of both sides that are too large together fail before anything is written (rule 18)', () => {
  const half = 40_000;
  const portal = userOf({ attributes: new Map([['a', 'v'.repeat(half)]]) });
  const developer = developerOf({ attributes: new Map([['b', 'v'.repeat(half)]]) });
  const decision = decide(subjectOf({ portal, developer, link: undefined, now: 10_000 }), policyOf());
  expect(decision).toMatchObject({ outcome: 'failed', portal: undefined, apigee: [] });
});
