import { holdWords, plannedWords, releaseGroupCommand } from '../../shared/operator/words/holds.ts';
import {
  heldGroups,
  type HeldGroup,
  type HeldRun,
  type Holds,
  type PlannedRow,
} from '../../shared/operator/views/holds.ts';
import { gateWords } from '../../shared/operator/words/runs.ts';
import type { GateVerdict } from '../../shared/state/runs.ts';
import { folded, renderTable, type Layout } from './layout.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';
import { ago, number, timeWords } from '../../shared/operator/words/quantities.ts';
import { personWords, situationWords } from '../../shared/operator/words/results.ts';

/** At most so many people are in a table. */
const shownPeople = 50;

export function renderHolds({ now, runs, people, exact }: Holds, layout: Layout): string {
  if (runs.length === 0 && people.length === 0) return 'Nothing is held: no run and nobody.\n';
  const lines = [
    runs.length === 0 ? 'Held runs    none' : 'Held runs    none of what they planned was made',
    ...runs.flatMap((held) => ['', ...runLines(held, now, layout)]),
    '',
    `Held people  ${people.length === 0 ? 'none' : `${number(people.length)}${exact ? '' : ' or more'}`}`,
    ...heldGroups(people).flatMap((group) => groupLines(group, layout)),
    ...(people.length === 0
      ? []
      : ['', 'Release one with devsync holds release EMAIL; devsync explain EMAIL shows both sides.']),
  ];
  return `${lines.join('\n')}\n`;
}

function runLines(
  { run, heldAt, advice, supersededBy, planned }: HeldRun,
  now: number,
  layout: Layout,
): readonly string[] {
  const { runId, mode, dryRun, gate } = run;
  const id = safeText(runId);
  return [
    `${id}  ${dryRun ? 'dry ' : ''}${mode} run, held ${ago(heldAt, now)} (${timeWords(heldAt)})`,
    ...(gate === undefined ? [] : whyLines(id, gate)),
    `  approve  ${approval(advice, id)}`,
    ...(supersededBy === undefined ? [] : [`  since    the full run ${safeText(supersededBy)} has looked at everyone`]),
    ...plannedTable(planned ?? [], layout),
  ];
}

function whyLines(runId: string, gate: GateVerdict): readonly string[] {
  const { planned, review, uncreated, creationLimit, seen, limit, limitPercent } = gate;
  if (review) return [`  why      ${gateWords(gate)}`, `  plan     devsync plan show ${runId}`];
  const destructive =
    `  why      ${number(planned - uncreated)} of ${number(seen)} people would be deactivated or deleted;` +
    ` at most ${number(limit)} and ${number(limitPercent)} %`;
  const creations = `  why      ${number(uncreated)} more people would be created than ${number(creationLimit)}`;
  return [...(uncreated === planned ? [] : [destructive]), ...(uncreated === 0 ? [] : [creations])];
}

function approval(advice: HeldRun['advice'], runId: string): string {
  switch (advice) {
    case 'approve':
      return `devsync holds approve ${runId}`;
    case 'dry-run':
      return `a dry run writes nothing; do what it plans with devsync apply ${runId}`;
    case 'too-old':
      return 'too old: request a new run with devsync sync --full';
  }
}

function plannedTable(planned: NonNullable<HeldRun['planned']>, layout: Layout): readonly string[] {
  if (planned.length === 0) return [];
  const rows = planned
    .slice(0, shownPeople)
    .map(({ key, situation, reason }) => [
      shortText(personWords(key), 60),
      situationWords(situation),
      shortText(reason, 400),
    ]);
  return [renderTable(['person', 'situation', 'why'], rows, layout), ...more(planned.length)];
}

/** A reason, what to do about it, and who is held for it: the advice is said once. */
function groupLines({ reason, people }: HeldGroup, layout: Layout): readonly string[] {
  const words = holdWords(reason);
  const rows = people
    .slice(0, shownPeople)
    .map(({ key, since }) => [shortText(personWords(key), 60), timeWords(since)]);
  return [
    '',
    `${words.reason}: ${number(people.length)}`,
    `  do       ${folded(words.advice, Math.min(layout.columns, 100) - 11).join('\n           ')}`,
    `  all      ${releaseGroupCommand(reason)}`,
    renderTable(['person', 'since'], rows, layout),
    ...more(people.length),
  ];
}

/** Whom approving a run would be about: how many, and the first ten by name. */
export function renderPlanned(planned: readonly PlannedRow[]): string {
  const shown = planned.slice(0, 10).map(({ key, act }) => `  ${act.padEnd(11)}${shortText(personWords(key), 60)}`);
  const rest = planned.length - shown.length;
  const further = rest > 0 ? [`  and ${number(rest)} more: devsync holds lists them`] : [];
  return `${[...plannedWords(planned), ...shown, ...further].join('\n')}\n`;
}

function more(people: number): readonly string[] {
  return people > shownPeople ? [`and ${number(people - shownPeople)} more: devsync holds --json lists them`] : [];
}
