import { describe, expect, test } from 'vitest';
import type { DeveloperSide } from '../../../../shared/core/model/decision.ts';
import { documentKey } from '../../../../shared/core/model/email.ts';
import { newLink, type Actor, type Link } from '../../../../shared/core/model/link.ts';
import { absenceOf, weigh, type EvidenceSource, type Walked } from '../../../../shared/core/next-step/evidence.ts';
import { ann, developerOf, profileOf } from '../world.ts';

const run: Actor = { kind: 'run', runId: 'run-1' };
const absent: DeveloperSide = { kind: 'absent' };
const listed: DeveloperSide = { kind: 'developer', developer: developerOf({}, { lastModifiedAt: 1000 }) };
const older: DeveloperSide = { kind: 'developer', developer: developerOf({}, { lastModifiedAt: 999 }) };
const two: DeveloperSide = { kind: 'collision', bound: developerOf() };

const known: Link = {
  ...newLink(ann),
  presence: 'both',
  userId: 'doc-ann',
  developer: { email: ann, developerId: 'dev-1', modifiedAt: 1000 },
  base: { portal: profileOf(), developer: profileOf({ lastName: 'Leigh' }), mapping: 'm1' },
};
const onlyPortal: Link = { ...newLink(ann), presence: 'portal', userId: 'doc-ann' };
const withIntent = (link: Link): Link => ({ ...link, intents: [profileOf()] });
const refused = { kind: 'permanent', message: 'no', fingerprint: 'x', attempts: 1, since: 1 } as const;
const createdBy = (by: Actor): Link => ({
  ...known,
  last: { by, outcome: 'created-apigee', situation: 'portal-only', reason: '', fields: [], at: 1 },
});

const firstLook = { by: run, isFirstLook: true };

describe('a listing beside the link', () => {
  test.each<[string, DeveloperSide | undefined, Link | undefined, EvidenceSource]>([
    ['nothing was listed', undefined, known, 'memory'],
    ['the listing shows the developer as the link knows it', listed, known, 'listing'],
    ['nobody is listed, and the link knows nobody', absent, onlyPortal, 'listing'],
    ['nobody is listed whom the link knows', absent, known, 'listing'],
    ['the listing is older than the link', older, known, 'memory'],
    ['nobody is listed whom this very run created', absent, createdBy(run), 'memory'],
    ['nobody is listed whom another run created', absent, createdBy({ kind: 'run', runId: 'run-0' }), 'listing'],
    ['nobody is listed whom a push created', absent, createdBy({ kind: 'push' }), 'listing'],
    ['a create is not confirmed, and nobody is listed', absent, withIntent(onlyPortal), 'memory'],
    ['a create is not confirmed, and somebody is listed', listed, withIntent(onlyPortal), 'doubtful-listing'],
    ['a call is not confirmed, and the known developer is listed', listed, withIntent(known), 'memory'],
    ['a call is not confirmed, and the known developer is not listed', absent, withIntent(known), 'doubtful-listing'],
    ['an intent is left from what was refused for good', listed, { ...withIntent(known), failure: refused }, 'listing'],
    ['two are listed although a call is not confirmed', two, withIntent(known), 'listing'],
  ])('%s', (_, side, link, from) => {
    expect(weigh(side, { key: ann, link }, firstLook).from).toBe(from);
  });

  test.each([absent, listed, two])('that was made before another writer tells nothing (rule 21)', (side) => {
    const evidence = weigh(side, { key: ann, link: known }, { by: run, isFirstLook: false });
    expect(evidence).toEqual({ from: 'doubtful-listing', side, absence: 'unproven' });
  });
});

describe('memory', () => {
  test('shows the developer as in the base', () => {
    const { side } = weigh(undefined, { key: ann, link: known }, firstLook);
    expect(side).toMatchObject({ kind: 'developer', developer: { developerId: 'dev-1', lastName: 'Leigh' } });
  });

  test.each([undefined, onlyPortal, { ...known, presence: 'portal' as const }])(
    'knows nobody by the link %#',
    (link) => {
      expect(weigh(undefined, { key: ann, link }, firstLook).side).toEqual(absent);
    },
  );
});

test('a document without an email has no developer, whatever is listed (rule 18)', () => {
  const evidence = weigh(listed, { key: documentKey('doc'), link: undefined }, firstLook);
  expect(evidence).toEqual({ from: 'fresh', side: absent, absence: 'proven' });
});

describe('what a read that found nobody proves (rule 29)', () => {
  const link: Link = {
    ...newLink(ann),
    presence: 'both',
    userId: 'doc-ann',
    developer: { email: ann, developerId: 'dev-1', modifiedAt: 900 },
    last: {
      by: { kind: 'push' },
      outcome: 'created-apigee',
      situation: 'portal-only',
      reason: '',
      fields: [],
      at: 1000,
    },
  };
  const ahead: Link = { ...link, developer: { email: ann, developerId: 'dev-1', modifiedAt: 9_000_000 } };
  const walked: Walked = { startedAt: 1001, isComplete: true, isShown: false };
  const x = { isSpelt: false, isEveryoneLinked: false };
  const edge = { isSpelt: true, isEveryoneLinked: false };

  test.each([
    ['a whole listing after our last write', link, walked, x, 'proven'],
    ['a whole listing after our last write, on Edge', link, walked, edge, 'proven'],
    ['a listing of somebody of whom nothing is known', undefined, walked, x, 'proven'],
    ['a listing that began before our last write', link, { ...walked, startedAt: 1000 }, x, 'unproven'],
    ['a listing of somebody whose developer is dated ahead', ahead, walked, x, 'proven'],
    ['a listing that has not come to its end', link, { ...walked, isComplete: false }, x, 'unproven'],
    ['a listing that shows the developer', link, { ...walked, isShown: true }, x, 'unproven'],
    ['a listing that shows the developer in some spelling', link, { ...walked, isShown: true }, edge, 'one-spelling'],
    ['no listing', link, undefined, x, 'unproven'],
    ['no listing, on Edge, of somebody known', link, undefined, { ...edge, isEveryoneLinked: true }, 'one-spelling'],
    ['no listing, on Edge, before a full run', undefined, undefined, edge, 'one-spelling'],
    ['no listing, on Edge, after a full run', undefined, undefined, { ...edge, isEveryoneLinked: true }, 'unproven'],
  ] as const)('%s', (_, of, by, where, absence) => {
    expect(absenceOf(of, by, where)).toBe(absence);
  });
});

test('whom we made inactive is remembered so, where there is no base to say it (rule 28)', () => {
  const tombstone = { side: 'portal', at: 1, developerId: 'dev-1', deactivated: true } as const;
  const left: Link = { ...known, presence: 'apigee', userId: undefined, base: undefined, tombstone };
  const { side } = weigh(undefined, { key: ann, link: left }, { by: run, isFirstLook: true });
  expect(side).toMatchObject({ kind: 'developer', developer: { status: 'inactive' } });
});
