import { describe, expect, test } from 'vitest';
import type { Change } from '../../../../shared/core/model/change.ts';
import { groupPeople } from '../../../../shared/operator/views/people-groups.ts';
import { peopleOfRun, type RunPerson } from '../../../../shared/operator/views/run-people.ts';
import { newChangeId } from '../../../../shared/state/change-document.ts';
import { createInMemoryChanges } from '../../../../shared/state/in-memory/changes.ts';
import { createInMemoryDatabase } from '../../../../shared/state/in-memory/database.ts';
import { createInMemoryPeople } from '../../../../shared/state/in-memory/people.ts';
import { createInMemoryRuns } from '../../../../shared/state/in-memory/runs.ts';
import { newMeter } from '../../../../shared/state/meter.ts';
import type { BatchPhase, BatchResult, ReportRow } from '../../../../shared/state/batch.ts';
import { inProcess } from '../../../support/in-process.ts';
import { change } from '../../state/changes-contract.ts';
import { email, newBatch, newResult, newRun } from '../../state/samples.ts';

const ann = email('ann@example.com');
const bob = email('bob@example.com');
const firstName = { side: 'apigee', field: 'firstName', before: 'Ann', after: 'Anna' } as const;

function row(key: string, changes: Partial<ReportRow> = {}): ReportRow {
  return { key, situation: 'portal-changed', outcome: 'updated-apigee', reason: 'because', fields: [], ...changes };
}

const ofRun = (changes: Partial<Change> = {}): Change =>
  change({ by: { kind: 'run', runId: 'r1' }, fields: [firstName], ...changes });

interface Kept {
  readonly changes?: readonly Change[];
  readonly planned?: readonly Change[];
  readonly batches?: readonly (readonly [BatchPhase, Partial<BatchResult>])[];
}

/** The run `r1` with what is kept of it. */
async function runWith({ changes = [], planned = [], batches = [] }: Kept) {
  const { mapping } = inProcess().services.config.portal;
  const database = createInMemoryDatabase({ now: Date.now });
  const notes = createInMemoryDatabase({ now: Date.now });
  for (const [where, all] of [
    [database, changes],
    [notes, planned],
  ] as const) {
    const people = createInMemoryPeople({ database: where, mapping, meter: newMeter() });
    for (const one of all)
      await people.transact({ links: [], userIds: [] }, () => ({ result: undefined, changes: [one] }));
  }
  const runs = createInMemoryRuns({ database });
  const run = newRun('r1', { dryRun: planned.length > 0 });
  await runs.create(run);
  for (const [seq, [phase, result]] of batches.entries()) {
    await runs.createBatch(newBatch('r1', phase, seq));
    const names = result.rows?.map(({ key }) => key) ?? [];
    const outcomes = result.rows?.map(({ outcome }) => outcome) ?? [];
    await runs.completeBatch({ runId: 'r1', phase, seq }, newResult(names, { outcomes, ...result }));
  }
  const services = {
    changes: createInMemoryChanges(database.changes),
    planned: () => createInMemoryChanges(notes.changes),
    runs: () => runs,
  };
  return peopleOfRun(services, run);
}

async function all(people: AsyncIterable<RunPerson>): Promise<readonly RunPerson[]> {
  const list: RunPerson[] = [];
  for await (const one of people) list.push(one);
  return list;
}

describe('everyone of a run', () => {
  test('who was changed comes with the values, and as often as is read', async () => {
    const people = await runWith({ changes: [ofRun()], batches: [['portal', { rows: [row(ann)] }]] });
    const once = await all(people);
    expect(once).toEqual([
      {
        key: ann,
        situation: 'portal-changed',
        outcome: 'updated-apigee',
        reason: 'only the portal user changed',
        destructive: false,
        fields: [firstName],
        names: [],
      },
    ]);
    expect(await all(people)).toEqual(once);
  });

  test('two changes of one person are one, from the first value to the last', async () => {
    const again = ofRun({
      at: 1_700_000_000_001,
      id: newChangeId(1_700_000_000_001, 'b'),
      fields: [{ ...firstName, before: 'Anna', after: 'Anne' }],
      reason: 'later',
    });
    const found = await all(await runWith({ changes: [again, ofRun()] }));
    expect(found).toMatchObject([{ key: ann, fields: [{ ...firstName, after: 'Anne' }], reason: 'later' }]);
  });

  test('who was changed and then held or failed is there once, with the values and the later outcome', async () => {
    const people = await runWith({
      changes: [ofRun(), ofRun({ key: bob })],
      batches: [
        ['portal', { rows: [row(ann), row(bob)] }],
        ['links', { rows: [row(ann, { outcome: 'failed', reason: 'no answer' })] }],
      ],
    });
    expect(await all(people)).toMatchObject([
      { key: bob, outcome: 'updated-apigee', fields: [firstName] },
      { key: ann, outcome: 'failed', reason: 'no answer', fields: [firstName] },
    ]);
  });

  test('who failed, and was changed or found unchanged by a later phase, has failed no more', async () => {
    const failed = { outcome: 'failed', reason: 'no answer' } as const;
    const people = await runWith({
      changes: [ofRun()],
      batches: [
        ['portal', { rows: [row(ann, failed), row(bob, failed)] }],
        ['links', { rows: [row(ann)] }],
        ['links', { people: ['Bob@Example.com'], outcomes: ['unchanged'] }],
      ],
    });
    expect(await all(people)).toMatchObject([{ key: ann, outcome: 'updated-apigee', fields: [firstName] }]);
  });

  test('who was found unchanged first and failed later has failed', async () => {
    const people = await runWith({
      batches: [
        ['portal', { people: [ann], outcomes: ['unchanged'] }],
        ['apigee', { rows: [row(ann, { outcome: 'failed' })] }],
      ],
    });
    expect(await all(people)).toMatchObject([{ key: ann, outcome: 'failed' }]);
  });

  test('where the values are not kept any more the names of the fields are left', async () => {
    const people = await runWith({
      batches: [
        ['portal', { rows: [row(ann, { fields: ['firstName'] })] }],
        ['apigee', { rows: [row(ann, { fields: ['firstName'] })] }],
      ],
    });
    expect(await all(people)).toMatchObject([{ key: ann, fields: [], names: ['firstName'] }]);
  });

  test('what waits for the gate is destructive; a creation that waits is not', async () => {
    const held = { outcome: 'held' } as const;
    const batch = { rows: [row(ann, held), row(bob, held)], planned: [ann, bob], uncreated: [bob] };
    expect(await all(await runWith({ batches: [['apigee', batch]] }))).toMatchObject([
      { key: ann, destructive: true },
      { key: bob, destructive: false },
    ]);
  });

  test('of a dry run it is what would be changed, and not what was', async () => {
    const people = await runWith({
      changes: [ofRun({ key: bob })],
      planned: [ofRun()],
      batches: [['portal', { rows: [row(ann)] }]],
    });
    expect(await all(people)).toMatchObject([{ key: ann, fields: [firstName] }]);
  });

  test('of a change it counts what was done: created before updated, Apigee before the portal', async () => {
    const acts = [
      [{ apigee: 'created', portal: 'updated' }, 'created-apigee'],
      [{ apigee: 'updated', portal: 'created' }, 'created-portal'],
      [{ apigee: 'deleted', portal: undefined }, 'updated-apigee'],
      [{ apigee: undefined, portal: 'deleted' }, 'updated-portal'],
    ] as const;
    for (const [both, outcome] of acts)
      expect(await all(await runWith({ changes: [ofRun({ acts: both })] }))).toMatchObject([{ outcome }]);
  });
});

describe('groups of people of a run', () => {
  async function* people(...keys: readonly string[]): AsyncGenerator<RunPerson> {
    for (const key of keys) yield { ...row(key), destructive: false, fields: [], names: [] };
  }

  test('are told by situation and outcome, with the most frequent domains', async () => {
    const keys = ['a@x.com', 'b@y.com', 'c@x.com', 'd@z.com', 'e@w.com', '#document'];
    expect(await groupPeople(people(...keys))).toEqual([
      {
        situation: 'portal-changed',
        outcome: 'updated-apigee',
        people: 6,
        domains: [
          { domain: 'x.com', people: 2 },
          { domain: 'w.com', people: 1 },
          { domain: 'y.com', people: 1 },
        ],
        moreDomains: true,
      },
    ]);
  });

  test('count everyone, however many domains there are', async () => {
    const keys = Array.from({ length: 1500 }, (_, place) => `a@${String(place)}.com`);
    expect(await groupPeople(people(...keys, 'b@1400.com', 'b@1.com'))).toMatchObject([
      { people: 1502, domains: [{ domain: '1.com', people: 2 }, {}, {}], moreDomains: true },
    ]);
  });
});
