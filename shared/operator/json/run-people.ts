import type { Run } from '../../state/runs.ts';
import { inPieces } from '../export/pieces.ts';
import type { RunPerson } from '../views/run-people.ts';
import { toFieldJson } from './changes.ts';
import { toReportJson } from './report.ts';

/** A run for scripts, and everyone of it: one JSON object in pieces. `others`: further members of it. */
export function runPeopleJson(run: Run, people: AsyncIterable<RunPerson>, others: object = {}): AsyncGenerator<string> {
  return inPieces(runThenPeople({ ...toReportJson(run), ...others }, people));
}

/** Everyone of a run, one JSON object a line, in pieces of some lines. */
export function runPeopleNdjson(people: AsyncIterable<RunPerson>): AsyncGenerator<string> {
  return inPieces(oneALine(people));
}

/** Somebody of a run. `changes`: null stands for no value. */
export function toRunPersonJson({ key, situation, outcome, reason, fields }: RunPerson): object {
  const who = key.startsWith('#') ? { id: key.slice(1) } : { email: key };
  return { ...who, situation, outcome, reason, changes: fields.map(toFieldJson) };
}

async function* runThenPeople(head: object, people: AsyncIterable<RunPerson>): AsyncGenerator<string> {
  yield JSON.stringify(head).slice(0, -1);
  let separator = ',"people":[';
  for await (const person of people) {
    yield separator + JSON.stringify(toRunPersonJson(person));
    separator = ',';
  }
  yield separator === ',' ? ']}\n' : `${separator}]}\n`;
}

async function* oneALine(people: AsyncIterable<RunPerson>): AsyncGenerator<string> {
  for await (const person of people) yield `${JSON.stringify(toRunPersonJson(person))}\n`;
}
