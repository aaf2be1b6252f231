import { canonicalEmail, type CanonicalEmail, type PersonKey } from '../../../shared/core/model/email.ts';
import { newLink, type Link } from '../../../shared/core/model/link.ts';
import type { Profile } from '../../../shared/core/model/profile.ts';
import type { NewPortalUser } from '../../../shared/core/model/decision.ts';
import type { People } from '../../../shared/state/people.ts';
import type { Batch, BatchOf, BatchPhase, BatchResult } from '../../../shared/state/batch.ts';
import type { Run } from '../../../shared/state/runs.ts';

export function email(text: string): CanonicalEmail {
  const canonical = canonicalEmail(text);
  if (canonical === undefined) throw new Error(`${text} is no email.`);
  return canonical;
}

export function profile(firstName: string | undefined, attributes: Readonly<Record<string, string>> = {}): Profile {
  return { firstName, lastName: 'Miller', status: 'active', attributes: new Map(Object.entries(attributes)) };
}

export function linkOf(key: PersonKey, changes: Partial<Link> = {}): Link {
  return { ...newLink(key), ...changes };
}

/** Attribute names that would break a careless store. */
export const hostileNames = [
  'a.b',
  '__proto__',
  'constructor',
  '`',
  '``',
  '🙂',
  '',
  '[0]',
  '/',
  '~*',
  'n'.repeat(1024),
];

export function fullLink(key: PersonKey): Link {
  const hostile = new Map(hostileNames.map((name, place) => [name, `value ${place}`]));
  return {
    key,
    presence: 'both',
    userId: 'user 1',
    rivals: ['user 2', 'user 3'],
    developer: { email: 'Ann@Example.com', developerId: 'dev-1', modifiedAt: 1_700_000_000_123 },
    base: {
      portal: { firstName: 'Ann', lastName: undefined, status: 'active', attributes: hostile },
      developer: { firstName: 'Ann', lastName: 'Miller', status: undefined, attributes: new Map() },
      mapping: 'abcdef',
    },
    intents: [profile('Anna', { colour: 'blue' }), profile(undefined)],
    deactivationIntent: { developerId: 'dev-1' },
    owesDeletion: true,
    undoIntent: {
      developerId: 'dev-1',
      deletes: false,
      fields: [{ field: 'attributes.a.b', before: 'old', after: undefined }],
      written: { content: 'print', editedAt: 4 },
    },
    undone: ['attributes.a.b', 'status'],
    tombstone: { side: 'portal', at: 5, developerId: undefined, deactivated: true, undone: true },
    hold: { reason: 'rename-refused', detail: 'Apigee refuses new emails.', since: 6 },
    failure: { kind: 'transient', message: 'Apigee gave no answer.', fingerprint: 'f', attempts: 3, since: 7 },
    due: 1_700_000_000_999,
    lease: { holder: 'push 1', expiresAt: 8 },
    history: [
      { field: 'attributes.a.b', side: 'apigee', value: 'old', at: 9 },
      { field: 'firstName', side: 'portal', value: undefined, at: 10 },
    ],
    last: {
      by: { kind: 'run', runId: 'run-1' },
      outcome: 'updated-apigee',
      situation: 'both-changed',
      reason: 'The portal changed last.',
      fields: ['firstName', 'attributes.a.b'],
      at: 11,
    },
  };
}

export function newPortalUser(changes: Partial<NewPortalUser> = {}): NewPortalUser {
  return {
    email: 'ann@example.com',
    userName: 'ann',
    firstName: 'Ann',
    lastName: undefined,
    status: 'active',
    attributes: new Map([['colour', 'blue']]),
    passwordHash: 'scrypt$salt$hash',
    createdAt: 1_700_000_000_000,
    ...changes,
  };
}

/** Writes links as the product does, in transactions of a size Firestore takes. */
export async function putLinks(people: People, links: readonly Link[]): Promise<void> {
  for (let start = 0; start < links.length; start += 400) {
    await people.transact({ links: [], userIds: [] }, () => ({
      result: undefined,
      links: links.slice(start, start + 400),
    }));
  }
}

const calls = { list: 1, get: 2, create: 3, update: 4, status: 5, delete: 6 };
const traffic = { reads: 7, writes: 8, bookkeeping: 9 };
const walk = { batches: 0, complete: false, cursor: undefined };

export function newRun(runId: string, changes: Partial<Run> = {}): Run {
  return {
    runId,
    mode: 'full',
    dryRun: false,
    reason: undefined,
    state: 'queued',
    phase: 'portal',
    requestedAt: 1000,
    approval: 'destructive',
    chosen: undefined,
    scope: undefined,
    settings: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    heartbeatAt: 1000,
    since: undefined,
    walks: { portal: walk, apigee: { ...walk, cursor: 'ann@example.com' }, links: walk, destructive: walk },
    walked: 0,
    listed: undefined,
    calls,
    traffic,
    totals: undefined,
    gate: undefined,
    problem: undefined,
    resumes: 0,
    pause: undefined,
    ...changes,
  };
}

const emptyPages = {
  portal: { part: { kind: 'first' } },
  apigee: { people: [], part: { kind: 'page', first: undefined, last: undefined }, listed: undefined },
  links: { kind: 'look', people: [], next: undefined },
  destructive: { people: [] },
} as const;

export function newBatch<P extends BatchPhase>(
  runId: string,
  phase: P,
  seq: number,
  changes: Partial<BatchOf<P>> = {},
): Batch & BatchOf<P> {
  const batch: object = { runId, phase, seq, ...emptyPages[phase], result: undefined, ...changes };
  return batch as Batch & BatchOf<P>;
}

export function newResult(people: readonly string[], changes: Partial<BatchResult> = {}): BatchResult {
  return {
    people,
    outcomes: people.map(() => 'unchanged' as const),
    rows: [],
    planned: [],
    uncreated: [],
    stale: 0,
    kept: 0,
    found: undefined,
    inStep: undefined,
    calls,
    traffic,
    finishedAt: 2000,
    ...changes,
  };
}

export async function listed(batches: AsyncIterable<Batch>): Promise<readonly Batch[]> {
  const list: Batch[] = [];
  for await (const batch of batches) list.push(batch);
  return list;
}

/** Text that does not compress well, the same for the same seed. */
export function noise(length: number, seed: number): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  let state = seed + 1;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += alphabet[(state >>> 16) % alphabet.length];
  }
  return text;
}
