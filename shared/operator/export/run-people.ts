import type { RunPerson } from '../views/run-people.ts';
import { byteOrderMark, csvLines } from './csv.ts';
import { inPieces } from './pieces.ts';

const head = ['person', 'situation', 'outcome', 'reason', 'side', 'field', 'before', 'after'];

/**
 * Everyone of a run for spreadsheets, in pieces: a line for each field, and one for whoever has none. Where the values are not
 * kept, a line has the name of the field alone.
 */
export function runPeopleCsv(people: AsyncIterable<RunPerson>): AsyncGenerator<string> {
  return inPieces(lines(people));
}

async function* lines(people: AsyncIterable<RunPerson>): AsyncGenerator<string> {
  yield byteOrderMark + csvLines([head]);
  for await (const { key, situation, outcome, reason, fields, names } of people) {
    const cells: (readonly string[])[] = fields.map(({ side, field, before, after }) => [
      side,
      field,
      before ?? '',
      after ?? '',
    ]);
    if (fields.length === 0) cells.push(...names.map((name) => ['', name, '', '']));
    if (cells.length === 0) cells.push(['', '', '', '']);
    yield csvLines(cells.map((of) => [key, situation, outcome, reason, ...of]));
  }
}
