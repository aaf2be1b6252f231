import { beginAudited } from '../../shared/operator/actions/audited.ts';
import { runPeopleCsv } from '../../shared/operator/export/run-people.ts';
import { runPeopleJson, runPeopleNdjson } from '../../shared/operator/json/run-people.ts';
import { peopleOfRun } from '../../shared/operator/views/run-people.ts';
import { newMeter } from '../../shared/state/meter.ts';
import type { Run } from '../../shared/state/runs.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { actingAs } from '../process/acting.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { refusalOf } from '../render/refusal.ts';
import type { Layout } from '../render/layout.ts';
import { renderRunPeople } from '../render/run-people.ts';

export const runFormats = ['table', 'json', 'csv', 'ndjson'] as const;
export type RunFormat = (typeof runFormats)[number];

/** Shows everyone of a run, with fields, values and reasons. Who takes them away as data is recorded (rule 39). */
export async function showRun(
  services: Services,
  io: CliIo,
  { runId, format }: { readonly runId: string; readonly format: RunFormat },
): Promise<ExitCode> {
  const run = await services.runs(newMeter()).get(runId);
  if (run === undefined) throw refusalOf({ kind: 'run-unknown', runId });
  if (format === 'table') {
    await writeAll(io, inFormat(services, run, { format, layout: io.layout }));
    return 0;
  }
  const end = await beginAudited(services, actingAs(io, undefined), { action: 'export-run', runId, fields: [format] });
  try {
    await writeAll(io, inFormat(services, run, { format, layout: io.layout }));
    await end({ state: 'done', words: 'written whole' });
    return 0;
  } catch (error) {
    await end({ state: 'failed', words: 'ended before its end' });
    throw error;
  }
}

/** Everyone of a run. `others`: further members of the JSON object. */
export function inFormat(
  services: Services,
  run: Run,
  { format, layout }: { readonly format: RunFormat; readonly layout: Layout },
  others: object = {},
): AsyncIterable<string> {
  const people = peopleOfRun(services, run);
  switch (format) {
    case 'table':
      return renderRunPeople(run, people, layout);
    case 'json':
      return runPeopleJson(run, people, others);
    case 'csv':
      return runPeopleCsv(people);
    case 'ndjson':
      return runPeopleNdjson(people);
  }
}

/** At the pace at which it is read: memory holds a piece. */
export async function writeAll(io: CliIo, pieces: AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) {
    io.out(piece);
    await io.written?.();
  }
}
