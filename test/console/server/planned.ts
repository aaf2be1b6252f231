import type { PlanAnswer } from '../../../console/api/answers/plans.ts';
import { crowd, deleteUsers, documentOf, idOf } from '../../support/crowd.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { talk } from './talk.ts';

export const reason = 'a test';

/** Two renamed on the portal, one gone from it, one new there: what a full dry run has found of six. */
export async function planned(env: Readonly<Record<string, string>> = {}) {
  const world = inProcess({ env: { DESTRUCTIVE_LIMIT: '100', DESTRUCTIVE_LIMIT_PERCENT: '100', ...env } });
  await crowd(world, 6);
  for (const person of [0, 1]) rename(world, person, 'Planned');
  deleteUsers(world, 2, 3);
  world.database.putPortalDocument(idOf(7), documentOf(7));
  const { runId } = await world.run({ dryRun: true });
  const desk = talk(world);
  return { ...desk, params: { runId }, plan: (await desk.call('plan', { params: { runId } })).value };
}

export const rename = (world: InProcess, person: number, lastName: string): void =>
  world.database.putPortalDocument(idOf(person), { ...documentOf(person), lastName });

/** The whole plan, to be applied. */
export const all = ({ hash, people }: PlanAnswer) => {
  const kinds: [] = [];
  return { hash, kinds, planned: people, reason };
};
