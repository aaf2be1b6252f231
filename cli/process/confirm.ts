import { number } from '../../shared/operator/words/quantities.ts';
import { Refusal, type CliIo } from './cli-io.ts';

/**
 * Asks the operator to type `wanted` (rule 39). Throws Refusal where something else is typed, or where nobody is there to
 * be asked: a script gives --yes, and never comes here.
 */
export async function confirm(
  { ask }: Pick<CliIo, 'ask'>,
  wanted: string,
  isMeant: (typed: string) => boolean = (typed) => typed.trim() === wanted,
): Promise<void> {
  const typed = await ask?.(`Type ${wanted} to go on: `);
  if (typed === undefined) throw new Refusal('Nobody is there to confirm this: give --yes if it is meant');
  if (!isMeant(typed)) throw new Refusal('Not confirmed: nothing was done');
}

/** The same for a number of people: with or without the commas that the question shows. */
export function confirmCount(io: Pick<CliIo, 'ask'>, people: number): Promise<void> {
  return confirm(io, number(people), (typed) => typed.trim().replaceAll(',', '') === String(people));
}
