import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { handlePortalEdit } from '../../../shared/wiring/handlers.ts';
import { crowd, documentOf, idOf } from '../../support/crowd.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';

const people = 1500;
const megabyte = 1024 * 1024;
/** The stores are in this process too, and keep runs and changes: their documents are taken out before counting. */
const mayGrow = megabyte;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is still held once everything that can go has gone, in bytes. */
function held({ database, logs }: InProcess): number {
  database.runs.runs.clear();
  database.runs.batches.clear();
  database.runs.apart.clear();
  for (const { id } of database.changes.after(undefined)) database.changes.delete(id);
  logs.length = 0;
  for (let times = 0; times < 4; times += 1) collectGarbage();
  return process.memoryUsage().heapUsed;
}

test('a process holds no more after many runs and pushes than after the first ones', { timeout: 120_000 }, async () => {
  const world = inProcess();
  await crowd(world, people);
  const busy = async (round: number): Promise<void> => {
    for (let index = 0; index < 100; index += 1) {
      world.database.putPortalDocument(idOf(index), { ...documentOf(index), firstName: `Round${String(round)}` });
      await handlePortalEdit(world.services, {
        type: 'google.cloud.firestore.document.v1.written',
        document: `portalUsers/${idOf(index)}`,
      });
    }
    expect(await world.run()).toMatchObject({ state: 'done', totals: { counts: { seen: people, failed: 0 } } });
    expect(await world.run({ mode: 'incremental' })).toMatchObject({ state: 'done' });
    expect(await world.run({ dryRun: true })).toMatchObject({ state: 'done' });
  };
  for (let round = 0; round < 4; round += 1) await busy(round);
  const before = held(world);
  const after: number[] = [];
  for (let round = 4; round < 9; round += 1) {
    await busy(round);
    after.push(held(world) - before);
  }
  expect(Math.max(...after)).toBeLessThan(mayGrow);
});
