import type { ApigeeError } from '../../apigee/developers.ts';
import type { Services } from '../../wiring/services.ts';
import type { DeveloperFilter } from '../views/developer-filter.ts';
import { scanDevelopers, type DeveloperRow } from '../views/developers.ts';
import { byteOrderMark, csvLines } from './csv.ts';

export const exportFormats = ['csv', 'json', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The listing could not be read to its end: what was written until then is not everyone. */
export class ExportBroken extends Error {
  override readonly name = 'ExportBroken';
  readonly apigee: ApigeeError | undefined;

  constructor(apigee: ApigeeError | undefined) {
    const why = apigee === undefined ? 'the list of developers changed too much' : apigee.message;
    super(`The export is not complete: ${why}. Export again.`);
    this.apigee = apigee;
  }
}

/** More attributes than this share one column, as JSON: a spreadsheet with thousands of columns helps nobody. */
const mostColumns = 200;

/** Lines are made a few hundred together, which is much quicker than one by one. */
const linesAtOnce = 500;

const columns = [
  'email',
  'developerId',
  'userName',
  'firstName',
  'lastName',
  'status',
  'sync',
  'createdAt',
  'lastModifiedAt',
  'apps',
] as const;

/**
 * Every developer whom the filter selects, piece by piece: memory holds one page of them. Throws ExportBroken, and once
 * `signal` is aborted its reason, after the page that is being read. A CSV file has a column for each attribute, so the
 * listing is walked twice for it.
 */
export async function* exportDevelopers(
  services: Services,
  format: ExportFormat,
  filter: DeveloperFilter,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const all = (): AsyncIterable<DeveloperRow> => rows(services, filter, signal);
  switch (format) {
    case 'csv':
      yield* csv(all);
      return;
    case 'ndjson':
      for await (const row of all()) yield `${JSON.stringify(jsonOf(row))}\n`;
      return;
    case 'json': {
      let separator = '[\n';
      for await (const row of all()) {
        yield `${separator}${JSON.stringify(jsonOf(row))}`;
        separator = ',\n';
      }
      yield separator === '[\n' ? '[]\n' : '\n]\n';
    }
  }
}

async function* csv(all: () => AsyncIterable<DeveloperRow>): AsyncGenerator<string> {
  const counts = new Map<string, number>();
  for await (const { developer } of all())
    for (const name of developer.attributes.keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
  const byUse = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const names = byUse
    .slice(0, mostColumns)
    .map(([name]) => name)
    .toSorted();
  yield byteOrderMark;
  yield csvLines([[...columns, ...names.map((name) => `attributes.${name}`), 'otherAttributes']]);
  let lines: (readonly string[])[] = [];
  for await (const row of all()) {
    lines.push(cellsOf(row, names));
    if (lines.length < linesAtOnce) continue;
    yield csvLines(lines);
    lines = [];
  }
  if (lines.length > 0) yield csvLines(lines);
}

function cellsOf(row: DeveloperRow, names: readonly string[]): readonly string[] {
  const { developer, sync, apps } = row;
  const { email, developerId, userName, firstName, lastName, status, createdAt, lastModifiedAt, attributes } =
    developer;
  const known = new Set(names);
  const others = [...attributes].filter(([name]) => !known.has(name));
  return [
    email,
    developerId,
    userName ?? '',
    firstName ?? '',
    lastName ?? '',
    status,
    sync,
    isoTime(createdAt),
    isoTime(lastModifiedAt),
    (apps ?? []).join('; '),
    ...names.map((name) => attributes.get(name) ?? ''),
    others.length === 0 ? '' : JSON.stringify(Object.fromEntries(others)),
  ];
}

/** A developer for scripts: nothing is left out, and nothing is changed. */
export function jsonOf({ developer, sync, apps }: DeveloperRow): object {
  const { email, developerId, userName, firstName, lastName, status, createdAt, lastModifiedAt, attributes } =
    developer;
  return {
    email,
    developerId,
    userName: userName ?? null,
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    status,
    sync,
    createdAt: isoTime(createdAt),
    lastModifiedAt: isoTime(lastModifiedAt),
    apps: apps ?? null,
    attributes: [...attributes].map(([name, value]) => ({ name, value })),
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

async function* rows(
  services: Services,
  filter: DeveloperFilter,
  signal: AbortSignal | undefined,
): AsyncGenerator<DeveloperRow> {
  for await (const one of scanDevelopers(services, filter)) {
    signal?.throwIfAborted();
    if (one.kind === 'row') yield one.row;
    if (one.kind === 'stopped' && one.why.kind !== 'complete')
      throw new ExportBroken(one.why.kind === 'not-reached' ? one.why.error : undefined);
  }
}
