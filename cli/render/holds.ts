import { holdWords } from '../../shared/operator/words/holds.ts';
import type { HeldPerson, HeldRun, Holds } from '../../shared/operator/views/holds.ts';
import { folded, plainTable } from './report.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';
import { ago, number, timeWords } from '../../shared/operator/words/quantities.ts';
import { personWords, situationWords } from '../../shared/operator/words/results.ts';

/** At most so many people are in a table. */
const shownPeople = 50;

export function renderHolds({ now, runs, people, exact }: Holds): string {
  if (runs.length === 0 && people.length === 0) return 'Nothing is held: no run and nobody.\n';
  const lines = [
    runs.length === 0 ? 'Held runs    none' : 'Held runs    none of what they planned was made',
    ...runs.flatMap((held) => ['', ...runLines(held, now)]),
    '',
    `Held people  ${people.length === 0 ? 'none' : `${number(people.length)}${exact ? '' : ' or more'}`}`,
    ...peopleTable(people),
  ];
  return `${lines.join('\n')}\n`;
}

function runLines({ run, heldAt, advice, supersededBy, planned }: HeldRun, now: number): readonly string[] {
  const { runId, mode, dryRun, gate } = run;
  const id = safeText(runId);
  const plan =
    gate === undefined
      ? []
      : [
          ...(gate.uncreated === gate.planned
            ? []
            : [
                `  why      ${number(gate.planned - gate.uncreated)} of ${number(gate.seen)} people would be deactivated or deleted;` +
                  ` at most ${number(gate.limit)} and ${number(gate.limitPercent)} %`,
              ]),
          ...(gate.uncreated === 0
            ? []
            : [`  why      ${number(gate.uncreated)} more people would be created than ${number(gate.creationLimit)}`]),
        ];
  return [
    `${id}  ${dryRun ? 'dry ' : ''}${mode} run, held ${ago(heldAt, now)} (${timeWords(heldAt)})`,
    ...plan,
    `  approve  ${approval(advice, id)}`,
    ...(supersededBy === undefined ? [] : [`  since    the full run ${safeText(supersededBy)} has looked at everyone`]),
    ...plannedTable(planned ?? []),
  ];
}

function approval(advice: HeldRun['advice'], runId: string): string {
  switch (advice) {
    case 'approve':
      return `devsync holds approve ${runId}`;
    case 'dry-run':
      return 'nothing to approve, a dry run writes nothing';
    case 'too-old':
      return 'too old: request a new run with devsync sync --full';
  }
}

function plannedTable(planned: NonNullable<HeldRun['planned']>): readonly string[] {
  if (planned.length === 0) return [];
  const table = plainTable(['person', 'situation', 'why']);
  for (const { key, situation, reason } of planned.slice(0, shownPeople))
    table.push([shortText(personWords(key), 60), situationWords(situation), folded(shortText(reason, 400), 56)]);
  return [table.toString(), ...more(planned.length)];
}

function peopleTable(people: readonly HeldPerson[]): readonly string[] {
  if (people.length === 0) return [];
  const table = plainTable(['person', 'reason', 'since', 'what to do']);
  for (const { key, reason, since } of people.slice(0, shownPeople)) {
    const words = holdWords(reason);
    table.push([shortText(personWords(key), 60), words.reason, timeWords(since), folded(words.advice, 56)]);
  }
  return [
    table.toString(),
    ...more(people.length),
    'Release one with devsync holds release EMAIL; devsync explain EMAIL shows both sides.',
  ];
}

function more(people: number): readonly string[] {
  return people > shownPeople ? [`and ${number(people - shownPeople)} more: devsync holds --json lists them`] : [];
}
