import type { DeveloperRow } from '../../shared/operator/views/developers.ts';
import { scanDevelopers } from '../../shared/operator/views/developers.ts';
import { jsonOf } from '../../shared/operator/export/developers.ts';
import { searchDevelopers } from '../../shared/operator/views/search-developers.ts';
import { number } from '../../shared/operator/words/quantities.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { DevelopersCommand } from '../parse-developers.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { renderDevelopers } from '../render/developers.ts';

interface Listed {
  readonly rows: readonly DeveloperRow[];
  /** There are more than the limit. */
  readonly more: boolean;
  /** What went wrong before the end; undefined where everyone was looked at. */
  readonly problem: string | undefined;
}

/**
 * Lists developers. What has an @ is an email or the beginning of one, and is looked up; anything else is looked for in
 * everyone, with progress.
 */
export async function listDevelopers(
  services: Services,
  io: CliIo,
  command: Extract<DevelopersCommand, { action: 'list' }>,
): Promise<ExitCode> {
  const isAddress = command.filter.query?.includes('@') === true;
  const { rows, more, problem } = isAddress ? await lookUp(services, command) : await look(services, io, command);
  if (command.json) io.out(`${JSON.stringify({ developers: rows.map(jsonOf), more })}\n`);
  else io.out(renderDevelopers(rows, more, io.layout));
  if (problem !== undefined) io.err(`${safeText(problem)}\n`);
  return problem === undefined ? 0 : 1;
}

async function lookUp(
  services: Services,
  { filter, limit }: Extract<DevelopersCommand, { action: 'list' }>,
): Promise<Listed> {
  const { query = '', status, sync } = filter;
  const rows: DeveloperRow[] = [];
  let after: string | undefined;
  do {
    const found = await searchDevelopers(services, query, after);
    if (found.kind === 'not-reached')
      return { rows, more: false, problem: `Apigee could not be asked: ${found.error.message}` };
    const fitting = found.rows.filter(
      (row) => (status === undefined || row.developer.status === status) && (sync === undefined || row.sync === sync),
    );
    rows.push(...fitting);
    after = found.next;
  } while (after !== undefined && rows.length <= limit);
  return { rows: rows.slice(0, limit), more: rows.length > limit || after !== undefined, problem: undefined };
}

async function look(
  services: Services,
  io: CliIo,
  { filter, limit }: Extract<DevelopersCommand, { action: 'list' }>,
): Promise<Listed> {
  const rows: DeveloperRow[] = [];
  let told = 0;
  for await (const one of scanDevelopers(services, filter)) {
    if (one.kind === 'row') {
      if (rows.length === limit) return { rows, more: true, problem: undefined };
      rows.push(one.row);
    } else if (one.kind === 'progress' && one.looked - told >= 10_000) {
      told = one.looked;
      io.err(`${number(one.looked)} developers looked at, ${number(one.found)} found\n`);
    } else if (one.kind === 'stopped' && one.why.kind !== 'complete') {
      const why = one.why.kind === 'not-reached' ? one.why.error.message : 'the list changed too much';
      return { rows, more: true, problem: `Not everyone was looked at: ${why}` };
    }
  }
  return { rows, more: false, problem: undefined };
}
