import type { Link } from '../../../shared/core/model/link.ts';
import { decodeLink, saysKey } from '../../../shared/state/link-document.ts';
import type { ForgottenPerson } from '../../../shared/operator/actions/forget-person.ts';
import { runOver } from './operations.ts';
import { problem, type World } from './world.ts';

/** Who was forgotten while nothing was under way is named nowhere (rule 37). */
export function judgeForgotten(world: World, email: string, answer: ForgottenPerson | undefined): void {
  if (answer?.kind !== 'forgotten') {
    problem(world, `${email}, who is on neither side, is not forgotten: ${answer?.kind ?? 'no answer'}`);
    return;
  }
  const open = [...world.database.runs.runs.values()].some((run) => !runOver(run));
  if (answer.left.length > 0 && !open) problem(world, `${email} is forgotten in part: ${answer.left.join('; ')}`);
  // Who took another email may go on having this one as a user name.
  if (answer.left.length > 0 || world.operations.handedOn.has(email)) return;
  for (const place of placesOf(world, email))
    problem(world, `${email} was forgotten, and stands in ${place} (rule 37)`);
}

/** Links of nobody, for whom nothing waits, say whose they were by a hash only (rule 37). */
export function judgeLinksOfNobody(world: World): void {
  for (const { id, data } of world.database.links.after(undefined)) {
    const isTold = saysKey(data) ? isOfNobody(decodeLink(id, data)) : JSON.stringify(data).includes('@');
    if (isTold) problem(world, `the link ${id} of nobody says whose it was (rule 37)`);
  }
}

function isOfNobody({ key, presence, tombstone, userId, rivals, developer, due, hold, failure }: Link): boolean {
  if (presence !== 'none' || tombstone === undefined || key.startsWith('#')) return false;
  return rivals.length === 0 && [userId, developer, due, hold, failure].every((part) => part === undefined);
}

/** Where an email stands in what the product keeps. */
function placesOf({ database, operations }: World, email: string): readonly string[] {
  const { runs, batches, rejections } = database.runs;
  const kept: readonly (readonly [string, Iterable<unknown>])[] = [
    ['a link', database.links.after(undefined)],
    ['a change', database.changes.after(undefined)],
    ['a plan', [...runs.keys()].flatMap((runId) => [...operations.plans.of(runId).after(undefined)])],
    ['a run', runs.values()],
    ['a batch', [...batches.values()].flatMap((some) => [...some.values()])],
    ['the records of actions', operations.audit.values()],
    ['a rejected message', rejections.values()],
  ];
  const spellings = [email, email.normalize('NFD')];
  const isNamed = (value: unknown): boolean => {
    const text = JSON.stringify(value).toLowerCase();
    return spellings.some((spelling) => text.includes(spelling));
  };
  return kept.flatMap(([place, all]) => ([...all].some(isNamed) ? [place] : []));
}
