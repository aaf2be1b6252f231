import type { FieldWrite } from '../../shared/core/model/change.ts';
import { inPieces } from '../../shared/operator/export/pieces.ts';
import { groupPeople, type PeopleGroup } from '../../shared/operator/views/people-groups.ts';
import type { RunPerson } from '../../shared/operator/views/run-people.ts';
import { number } from '../../shared/operator/words/quantities.ts';
import { doneWords, fieldWords, personWords, situationWords } from '../../shared/operator/words/results.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';
import type { Run } from '../../shared/state/runs.ts';
import { renderFields } from './changes.ts';
import type { Layout } from './layout.ts';
import { renderHead } from './report.ts';

/** A run for people, in pieces: its head, how many ended how, and then everyone. `people` is read twice. */
export function renderRunPeople(run: Run, people: AsyncIterable<RunPerson>, layout: Layout): AsyncGenerator<string> {
  return inPieces(headAndEveryone(run, people, layout));
}

async function* headAndEveryone(run: Run, people: AsyncIterable<RunPerson>, layout: Layout): AsyncGenerator<string> {
  yield renderHead(run, layout);
  const groups = await groupPeople(people);
  if (groups.length === 0) return;
  yield `\n${renderGroups(groups, run.dryRun)}\n`;
  for await (const person of people) yield renderRunPerson(person, run.dryRun);
}

/** A line for each group, such as `1,700 × only in Apigee → created on the portal (partner.com 1,700)`. */
export function renderGroups(groups: readonly PeopleGroup[], dryRun: boolean): string {
  const width = Math.max(...groups.map(({ people }) => number(people).length));
  return groups
    .map(({ situation, outcome, people, domains, moreDomains }) => {
      const told = domains.map((one) => `${shortText(one.domain, 60)} ${number(one.people)}`);
      if (moreDomains) told.push('…');
      const where = told.length === 0 ? '' : ` (${told.join(', ')})`;
      return `${number(people).padStart(width)} × ${situationWords(situation)} → ${doneWords(outcome, dryRun)}${where}\n`;
    })
    .join('');
}

/** One person on a line, and a line for each field with its values. */
export function renderRunPerson(
  { key, situation, outcome, reason, fields, names }: RunPerson,
  dryRun: boolean,
): string {
  const who = `${safeText(personWords(key))}: ${situationWords(situation)} → ${doneWords(outcome, dryRun)}`;
  return `${who}: ${safeText(reason)}\n${renderFields(fields)}${withoutValues(fields, names, outcome)}`;
}

function withoutValues(fields: readonly FieldWrite[], names: readonly string[], outcome: RunPerson['outcome']): string {
  if (fields.length > 0 || names.length === 0) return '';
  const waits = outcome === 'held' || outcome === 'failed';
  const why = waits ? 'nothing was written to them' : 'their values are not kept any more';
  return `  fields ${fieldWords(names, 18).join(', ')}: ${why}\n`;
}
