import { describe, expect, test } from 'vitest';
import { documentKey } from '../../../shared/core/model/email.ts';
import type { Link } from '../../../shared/core/model/link.ts';
import { decodeLink, encodeLink } from '../../../shared/state/link-document.ts';
import { decodeAllowance, encodeAllowance, hourIds, nothingSpent, spendOne } from '../../../shared/state/allowance.ts';
import { decodeControl, decodeRejection, encodeControl } from '../../../shared/state/run-document.ts';
import type { Control } from '../../../shared/state/control.ts';
import { email, fullLink, linkOf, profile } from './samples.ts';
import { storedBefore } from './stored-before.ts';

/*
 * Two things are promised of each document that an earlier version stored: today's code reads it, and what today's code
 * makes of it is the same document, so that the earlier version can follow again.
 */

const ann = email('ann@example.com');

describe('links', () => {
  const stored = storedBefore('links');
  const base = {
    portal: profile('Ann', { plan: 'gold' }),
    developer: profile('Ann', { plan: 'gold', MINT_X: 'y' }),
    mapping: 'abcdef',
  };
  const at = 1_700_000_000_500;
  const expected: Readonly<Record<string, Link>> = {
    'everything at once': {
      ...fullLink(ann),
      deactivationIntent: undefined,
      owesDeletion: undefined,
      undone: undefined,
      undoIntent: undefined,
      tombstone: { side: 'portal', at: 5, developerId: undefined, deactivated: true },
    },
    'nothing known yet': linkOf(ann),
    'in step since a push': linkOf(ann, {
      presence: 'both',
      userId: 'doc-ann',
      developer: { email: ann, developerId: 'dev-1', modifiedAt: 1_700_000_000_123 },
      base,
      last: {
        by: { kind: 'push' },
        outcome: 'updated-apigee',
        situation: 'portal-changed',
        reason: 'only the portal user changed since both were last in step',
        fields: ['attributes.plan', 'status'],
        at,
      },
    }),
    'only on the portal, noted by a portal pass': linkOf(ann, {
      presence: 'portal',
      userId: 'doc-ann',
      due: 1_700_000_000_999,
    }),
    'about to be created in Apigee, leased': linkOf(ann, {
      presence: 'portal',
      userId: 'doc-ann',
      intents: [profile('Ann')],
      lease: { holder: 'holder-1', expiresAt: 1_700_000_120_000 },
    }),
    'refused by Apigee for good, asked for by an operator': linkOf(ann, {
      presence: 'portal',
      userId: 'doc-ann',
      failure: {
        kind: 'permanent',
        message: 'attributes: 19 of them, Apigee takes at most 18',
        fingerprint: 'p1.d1',
        attempts: 1,
        since: 1_700_000_000_400,
      },
      last: {
        by: { kind: 'operator', actionId: 'manual-20261122T170157Z-ecaaae0f' },
        outcome: 'failed',
        situation: 'portal-only',
        reason: 'attributes: 19 of them, Apigee takes at most 18',
        fields: [],
        at,
      },
    }),
    'held: the new email belongs to another developer': linkOf(ann, {
      presence: 'both',
      userId: 'doc-ann',
      developer: { email: 'Ann@Example.com', developerId: 'dev-1', modifiedAt: 5 },
      base,
      hold: {
        reason: 'rename-collision',
        detail: 'the portal user took an email that belongs to someone else',
        since: 1_700_000_000_400,
      },
      last: {
        by: { kind: 'run', runId: '20261122T170157Z-7' },
        outcome: 'held',
        situation: 'renamed',
        reason: 'the portal user took an email that belongs to someone else',
        fields: ['email'],
        at,
      },
    }),
    'tombstone of a portal user, developer made inactive': linkOf(ann, {
      presence: 'apigee',
      developer: { email: ann, developerId: 'dev-1', modifiedAt: 5 },
      tombstone: { side: 'portal', at: 1_700_000_000_300, developerId: 'dev-1', deactivated: true },
    }),
    'tombstone of a developer': linkOf(ann, {
      presence: 'portal',
      userId: 'doc-ann',
      tombstone: { side: 'developer', at: 1_700_000_000_300, developerId: 'dev-1', deactivated: false },
      hold: {
        reason: 'developer-deleted',
        detail: 'the developer was deleted in Apigee: decide whether the portal user stays',
        since: 4,
      },
    }),
    'tombstone of both': linkOf(ann, {
      tombstone: { side: 'both', at: 1_700_000_000_300, developerId: undefined, deactivated: false },
    }),
    'a portal document without an email': linkOf(documentKey('doc 7'), {
      presence: 'portal',
      userId: 'doc 7',
      failure: { kind: 'transient', message: 'email: missing', fingerprint: '', attempts: 2, since: 4 },
    }),
  };

  test('each one has an expectation', () => expect(Object.keys(stored)).toEqual(Object.keys(expected)));

  test.each(Object.entries(expected))('%s', (name, link) => {
    expect(decodeLink('id', stored[name])).toEqual(link);
    expect(encodeLink(decodeLink('id', stored[name]))).toEqual(stored[name]);
  });
});

describe('control documents', () => {
  const stored = storedBefore('controls');
  const mark = { runId: 'run-1', scope: 'scope-1', startedAt: 1_700_000_001_000, finishedAt: 1_700_000_010_000 };
  const expected: Readonly<Record<string, Control>> = {
    'before the first run': {
      activeRunId: undefined,
      behindGate: false,
      lastFull: undefined,
      lastIncremental: undefined,
      outside: undefined,
      owner: undefined,
      stopped: undefined,
    },
    'a run is active behind its gate': {
      activeRunId: 'run-2',
      behindGate: true,
      lastFull: mark,
      lastIncremental: { ...mark, runId: 'run-0' },
      outside: { scope: 'scope-1', links: 3 },
      owner: undefined,
      stopped: undefined,
    },
  };

  test('each one has an expectation', () => expect(Object.keys(stored)).toEqual(Object.keys(expected)));

  test.each(Object.entries(expected))('%s', (name, control) => {
    expect(decodeControl(stored[name])).toEqual(control);
    expect(encodeControl(decodeControl(stored[name]))).toEqual(stored[name]);
  });
});

test('rejections are read; when they expire is not asked for', () => {
  expect(Object.values(storedBefore('rejections')).map((data) => decodeRejection('id', data))).toEqual([
    { id: 'message-1', source: 'fan-out', reason: 'sync request: mode: Invalid option', at: 1_700_000_000_000 },
  ]);
});

test('an hour of deletions without minutes counts as long as the hour is looked at (rule 16)', () => {
  const [stored] = Object.values(storedBefore('allowances'));
  const hour = decodeAllowance('hour', stored);
  expect(hour).toEqual({ spent: 3, minutes: new Map() });
  const at = Date.parse('2026-03-01T10:30:00Z');
  const further = spendOne({ before: nothingSpent, current: hour }, at, 4);
  expect(further).toEqual({ spent: 4, minutes: new Map([[30, 1]]) });
  expect(spendOne({ before: hour, current: nothingSpent }, at, 3)).toBeUndefined();
  expect(hourIds(at)).toEqual({ before: '2026-03-01T09', current: '2026-03-01T10' });
  // A version before reads the number, and nothing else.
  expect(encodeAllowance(further ?? nothingSpent)).toMatchObject({ spent: 4 });
});
