import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startStack, type Stack } from '../../local/stack.ts';
import { followRun } from '../../shared/operator/views/progress.ts';
import type { Run } from '../../shared/state/runs.ts';
import { apigeeEditor } from '../e2e/apigee-editor.ts';
import { temporaryFolder } from './temporary-folder.ts';

const count = 1000;
const numbers = Array.from({ length: count }, (_, index) => index);
const emailOf = (index: number): string => `person-${String(index)}@example.com`;
const idOf = (index: number): string => `user-${String(index)}`;

async function run(stack: Stack): Promise<Run> {
  return followRun(stack.runs, await stack.publish({ mode: 'full' }), { pollMs: 50 });
}

/** So many people on both sides, in step; portal edits are not pushed. */
async function inStep(stack: Stack): Promise<NonNullable<Stack['apigee']>> {
  const { apigee } = stack;
  if (apigee === undefined) throw new Error('the stack has no Apigee of its own');
  const names = (index: number) => ({ email: emailOf(index), firstName: `F${String(index)}`, lastName: 'Last' });
  apigee.admin.seed(numbers.map((index) => ({ ...names(index), lastModifiedAt: Date.now() - 3_600_000 })));
  await stack.portal.putAll(numbers.map((index) => [idOf(index), { ...names(index), status: 'active' }] as const));
  await run(stack);
  apigee.admin.resetCounters();
  return apigee;
}

test(
  '1,000 edits in Apigee within a minute all arrive, for one GET each at most; and when a run writes 1,000 developers of whom the sink leaves none out, that costs no call (rules 23, 40)',
  { timeout: 300_000 },
  async () => {
    await using temporary = await temporaryFolder();
    await using stack = await startStack({ folder: temporary.path, kind: 'memory', trigger: 'when-asked' });
    const apigee = await inStep(stack);
    const editor = apigeeEditor({ apigee });
    const started = performance.now();
    for (let index = 0; index < count; index += 20) {
      const some = numbers.slice(index, index + 20);
      await Promise.all(some.map((one) => editor.save(emailOf(one), { lastName: `L${String(one)}` })));
    }
    const made = performance.now() - started;
    const isThere = async (): Promise<number> => {
      const all = await stack.portal.all();
      return numbers.filter((index) => all.get(idOf(index))?.['lastName'] === `L${String(index)}`).length;
    };
    await expect.poll(isThere, { timeout: 120_000, interval: 50 }).toBe(count);
    const took = performance.now() - started;
    expect(made).toBeLessThan(60_000);
    const after = { ...apigee.admin.counters().requests };
    expect(after.update).toBe(count);
    expect(after.get).toBeLessThanOrEqual(count);

    apigee.admin.resetCounters();
    stack.tellOfOwn(true);
    let told = 0;
    stack.onPulled(() => {
      told += 1;
    });
    for (const index of numbers) await stack.portal.edit(idOf(index), { firstName: `N${String(index)}` });
    const log = join(temporary.path, 'logs', 'functions.log');
    const before = (await readFile(log, 'utf8')).length;
    const writing = await run(stack);
    await expect.poll(() => told, { timeout: 120_000 }).toBe(count);
    expect(writing.totals?.counts.updated.apigee).toBe(count);
    const { get, update, status } = apigee.admin.counters().requests;
    expect({ get, update, status }).toEqual({ get: writing.totals?.calls.get, update: count, status: 0 });
    const lines = (await readFile(log, 'utf8')).slice(before);
    expect(lines).not.toMatch(/"event":"(pull_completed|pull_postponed)"/);
    console.log(
      `1,000 edits made in ${(made / 1000).toFixed(1)} s, all on the portal after ${(took / 1000).toFixed(1)} s, ${String(after.get)} GET; ` +
        `a run that wrote ${String(update)} developers: ${String(told)} entries, no call more than the run's ${String(get)} GET`,
    );
  },
);
