import type { Intended } from '../../../shared/operator/actions/audited.ts';
import type { Acting } from '../../../shared/operator/actions/audited.ts';
import { beginAudited } from '../../../shared/operator/actions/audited.ts';
import { exportDevelopers as developers, type ExportFormat } from '../../../shared/operator/export/developers.ts';
import { exportRunPeople } from '../../../shared/operator/export/run.ts';
import { runPeopleCsv } from '../../../shared/operator/export/run-people.ts';
import { runPeopleJson, runPeopleNdjson } from '../../../shared/operator/json/run-people.ts';
import { peopleOfRun } from '../../../shared/operator/views/run-people.ts';
import { rowsInBatches } from '../../../shared/operator/views/run-rows.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import type { Run } from '../../../shared/state/runs.ts';
import { notFound, type Handler, type Reply } from '../asked.ts';
import type { Desk } from '../desk.ts';

const types: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

export const exportDevelopers: Handler<'exportDevelopers'> = ({ desk, acting, body, signal }) => {
  const { format, filter = {} } = body;
  const fields = [format, ...Object.keys(filter)];
  const chunks = developers(desk.services, format, filter, signal);
  return file(desk, acting(undefined), { action: 'export-developers', fields }, { name: 'developers', format, chunks });
};

export const exportRun: Handler<'exportRun'> = async ({ desk, acting, param, body, signal }) => {
  const { format, filter = {} } = body;
  const store = desk.services.runs(newMeter());
  const run = await store.get(param('runId'));
  if (run === undefined) return notFound(`There is no run ${param('runId')}`);
  const chunks = exportRunPeople(rowsInBatches(store, run, filter), format, signal);
  const intended = { action: 'export-run', runId: run.runId, fields: [format, ...Object.keys(filter)] } as const;
  return file(desk, acting(undefined), intended, {
    name: `run-${nameOf(run)}`,
    format,
    chunks,
  });
};

/** Everyone of a run with the values before and after (rules 34, 36). */
export const exportChanges: Handler<'exportChanges'> = async ({ desk, acting, param, body: { format } }) => {
  const { services } = desk;
  const run = await services.runs(newMeter()).get(param('runId'));
  if (run === undefined) return notFound(`There is no run ${param('runId')}`);
  const people = peopleOfRun(services, run);
  const made = { csv: runPeopleCsv, ndjson: runPeopleNdjson, json: (all: typeof people) => runPeopleJson(run, all) };
  const intended = { action: 'export-run', runId: run.runId, fields: [format, 'values'] } as const;
  const name = `run-${nameOf(run)}-values`;
  return file(desk, acting(undefined), intended, { name, format, chunks: made[format](people) });
};

function nameOf({ runId }: Run): string {
  return runId.replaceAll(/[^\w.-]/gu, '_');
}

/** Recorded before the first byte leaves, and after the last one (rule 39). */
async function file(
  { services }: Desk,
  acting: Acting,
  intended: Intended,
  {
    name,
    format,
    chunks,
  }: { readonly name: string; readonly format: ExportFormat; readonly chunks: AsyncIterable<string> },
): Promise<Reply<never>> {
  const day = new Date(services.clock.now()).toISOString().slice(0, 10);
  const complete = await beginAudited(services, acting, intended);
  const ending = format === 'csv' ? '-for-spreadsheets.csv' : `.${format}`;
  return { kind: 'file', name: `${name}-${day}${ending}`, type: types[format], chunks: recorded(chunks, complete) };
}

async function* recorded(
  chunks: AsyncIterable<string>,
  complete: Awaited<ReturnType<typeof beginAudited>>,
): AsyncGenerator<string> {
  let isWhole = false;
  try {
    yield* chunks;
    isWhole = true;
  } finally {
    await complete(
      isWhole ? { state: 'done', words: 'sent whole' } : { state: 'failed', words: 'ended before its end' },
    );
  }
}
