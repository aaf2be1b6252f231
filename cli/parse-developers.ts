import { Option, type Command as Program } from 'commander';
import type { PersonKey } from '../shared/core/model/email.ts';
import { exportFormats, type ExportFormat } from '../shared/operator/export/developers.ts';
import type { DeveloperFilter } from '../shared/operator/views/developer-filter.ts';
import { syncStates, type SyncState } from '../shared/operator/views/sync-state.ts';
import { Refusal } from './process/cli-io.ts';

/** What `devsync developers …` asks for. */
export type DevelopersCommand =
  | { readonly action: 'list'; readonly filter: DeveloperFilter; readonly limit: number; readonly json: boolean }
  | { readonly action: 'show'; readonly person: PersonKey; readonly json: boolean }
  | ({ readonly action: 'create'; readonly email: string } & NewNames & Confirmed)
  | ({ readonly action: 'edit'; readonly person: PersonKey; readonly changes: readonly Change[] } & Confirmed)
  | ({ readonly action: 'activate' | 'deactivate' | 'delete'; readonly person: PersonKey } & Confirmed)
  | {
      readonly action: 'export';
      readonly format: ExportFormat;
      readonly output: string | undefined;
      readonly filter: DeveloperFilter;
    };

export interface Confirmed {
  readonly reason: string | undefined;
  /** Nobody is asked. */
  readonly yes: boolean;
  readonly json: boolean;
}

interface NewNames {
  readonly firstName: string;
  readonly lastName: string;
  readonly userName: string | undefined;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Undefined removes an attribute. */
export interface Change {
  readonly field: 'firstName' | 'lastName' | `attributes.${string}`;
  readonly value: string | undefined;
}

interface ActFlags {
  readonly reason?: string;
  readonly yes?: true;
  readonly json?: true;
}

interface FilterFlags {
  readonly status?: string;
  readonly sync?: string;
}

interface FieldFlags extends ActFlags {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly userName?: string;
  readonly attribute?: readonly string[];
  readonly removeAttribute?: readonly string[];
}

const inAnyCase = 'in any case';
const longestReason = 500;

/**
 * Adds `developers` and its commands to the program. `chosen` is told the one that was asked for. `readPerson` throws
 * Refusal for what names nobody.
 */
export function addDevelopers(
  program: Program,
  readPerson: (text: string) => PersonKey,
  chosen: (command: DevelopersCommand) => void,
): void {
  const developers = program
    .command('developers')
    .summary('list, show, create, edit, (de)activate, delete and export developers')
    .description('Developers of the organisation, with what the portal has of them.');
  const json = (): Option => new Option('--json', 'print JSON');
  const filtered = (command: Program): Program =>
    command
      .option('--status <S>', 'only those with this status: active or inactive')
      .option('--sync <STATE>', `only those who are ${syncStates.join(', ')}`);
  const acting = (command: Program): Program =>
    command.option('--reason <TEXT>', 'why, kept with the action').option('--yes', 'ask nobody').addOption(json());

  filtered(developers.command('list').description('developers, with how each one stands to the portal'))
    .argument('[QUERY]', 'an email, the beginning of one with its @, part of a name, or attribute=value')
    .option('--limit <N>', 'how many at most', '100')
    .addOption(json())
    .action((query: string | undefined, flags: FilterFlags & { readonly limit: string; readonly json?: true }) => {
      const limit = readLimit(flags.limit);
      chosen({ action: 'list', filter: filterOf(query, flags), limit, json: flags.json === true });
    });
  developers
    .command('show')
    .description('one person on both sides, with apps')
    .argument('<EMAIL>', inAnyCase)
    .addOption(json())
    .action((email: string, flags: ActFlags) => {
      chosen({ action: 'show', person: readPerson(email), json: flags.json === true });
    });
  acting(developers.command('create').description('a new developer, and the portal user for it'))
    .argument('<EMAIL>', 'in lower case, but for Edge')
    .option('--first-name <NAME>')
    .option('--last-name <NAME>')
    .option('--user-name <NAME>', 'default: the email')
    .option('--attribute <N=V>', 'a custom attribute; may be given again', collect)
    .action((email: string, flags: FieldFlags) => {
      const { firstName, lastName, userName, attribute = [] } = flags;
      if (firstName === undefined || lastName === undefined)
        throw new Refusal('Give both names, which Apigee requires: --first-name and --last-name');
      const attributes = new Map(attribute.map(readAttribute));
      chosen({ action: 'create', email, firstName, lastName, userName, attributes, ...confirmedBy(flags) });
    });
  acting(
    developers.command('edit').description('sets names and attributes; where the portal has the field, there first'),
  )
    .argument('<EMAIL>', inAnyCase)
    .option('--first-name <NAME>')
    .option('--last-name <NAME>')
    .option('--attribute <N=V>', 'sets a custom attribute; may be given again', collect)
    .option('--remove-attribute <N>', 'removes one; may be given again', collect)
    .action((email: string, flags: FieldFlags) => {
      const changes = changesOf(flags);
      if (changes.length === 0)
        throw new Refusal('Give what to change: --first-name, --last-name, --attribute or --remove-attribute');
      chosen({ action: 'edit', person: readPerson(email), changes, ...confirmedBy(flags) });
    });
  const simple = {
    activate: 'on both sides',
    deactivate: 'on both sides: keys stop working',
    delete: 'on both sides, with all apps and keys',
  };
  for (const action of ['activate', 'deactivate', 'delete'] as const) {
    acting(developers.command(action).description(simple[action]))
      .argument('<EMAIL>', inAnyCase)
      .action((email: string, flags: ActFlags) => {
        chosen({ action, person: readPerson(email), ...confirmedBy(flags) });
      });
  }
  filtered(developers.command('export').description('everyone, or whom the filters select, as a file'))
    .argument('[QUERY]', 'part of an email or a name, or attribute=value')
    .option('--format <FORMAT>', 'csv (for spreadsheets), json or ndjson', 'csv')
    .option('--output <FILE>', 'default: the standard output')
    .action((query: string | undefined, flags: FilterFlags & { readonly format: string; readonly output?: string }) => {
      const format = oneOf(exportFormats, flags.format, '--format');
      chosen({ action: 'export', format, output: flags.output, filter: filterOf(query, flags) });
    });
}

function filterOf(query: string | undefined, { status, sync }: FilterFlags): DeveloperFilter {
  return {
    query,
    status: status === undefined ? undefined : oneOf(['active', 'inactive'] as const, status, '--status'),
    sync: sync === undefined ? undefined : oneOf<SyncState>(syncStates, sync, '--sync'),
  };
}

function confirmedBy({ reason, yes, json }: ActFlags): Confirmed {
  if (reason !== undefined && reason.length > longestReason)
    throw new Refusal(`--reason may have ${String(longestReason)} characters`);
  return { reason, yes: yes === true, json: json === true };
}

function changesOf({ firstName, lastName, attribute = [], removeAttribute = [] }: FieldFlags): readonly Change[] {
  return [
    ...(firstName === undefined ? [] : [{ field: 'firstName', value: firstName } as const]),
    ...(lastName === undefined ? [] : [{ field: 'lastName', value: lastName } as const]),
    ...attribute.map(readAttribute).map(([name, value]) => ({ field: `attributes.${name}`, value }) as const),
    ...removeAttribute.map((name) => ({ field: `attributes.${name}`, value: undefined }) as const),
  ];
}

function readAttribute(text: string): readonly [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new Refusal('Give an attribute as NAME=VALUE');
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function readLimit(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Refusal('--limit is a whole number of people');
  return Number(text);
}

function oneOf<T extends string>(values: readonly T[], text: string, option: string): T {
  const found = values.find((value) => value === text);
  if (found === undefined) throw new Refusal(`${option} is one of ${values.join(', ')}`);
  return found;
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
