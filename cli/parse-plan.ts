import { Option, type Command as Program } from 'commander';
import { planKinds, type PlanKind } from '../shared/core/changes/plan.ts';
import type { PersonKey } from '../shared/core/model/email.ts';
import type { Only } from '../shared/operator/views/plan.ts';
import type { UndoOptions } from './commands/undo.ts';
import { runFormats, type RunFormat } from './commands/show-run.ts';
import { readReason } from './parse-reason.ts';
import { Refusal } from './process/cli-io.ts';

/** What `devsync plan …`, `apply` and `undo` ask for. */
export type PlanCommand =
  | {
      readonly name: 'plan';
      readonly full: boolean;
      /** Empty: everybody. */
      readonly people: readonly PersonKey[];
      /** The whole plan is written there as well, in the format that the name ends with. */
      readonly output: string | undefined;
      readonly reason: string | undefined;
      readonly json: boolean;
    }
  | { readonly name: 'plan-show'; readonly planId: string; readonly format: RunFormat }
  | {
      readonly name: 'apply';
      readonly planId: string;
      readonly hash: string | undefined;
      readonly only: Only;
      readonly yes: boolean;
      readonly background: boolean;
      readonly reason: string | undefined;
      readonly json: boolean;
    }
  | ({ readonly name: 'undo' } & UndoOptions);

interface PlanFlags {
  readonly full?: true;
  readonly output?: string;
  readonly format?: RunFormat;
  readonly reason?: string;
  readonly json?: true;
}

interface ApplyFlags extends Pick<PlanFlags, 'reason' | 'json'> {
  readonly hash?: string;
  readonly only?: readonly string[];
  readonly yes?: true;
  readonly background?: true;
}

/** As many as a run document has room for. */
const mostPeople = 500;

/** Adds the commands to the program. `take` is told which of them was given. */
export function addPlan(
  program: Program,
  readPerson: (argument: string) => PersonKey,
  take: (command: PlanCommand) => void,
): void {
  addUndo(program, readPerson, take);
  const json = (): Option => new Option('--json', 'print JSON');
  const reason = (): Option => new Option('--reason <TEXT>', 'kept with the action');
  program
    .command('plan')
    .summary('what a run would do, kept so that exactly that can be applied')
    .description(
      'Makes a dry run, of everybody or of the people named, and keeps what it would do for 7 days: apply PLAN does exactly' +
        ' that. show PLAN tells it again.',
    )
    .argument('[EMAIL...]', 'only these people; or: show PLAN')
    .option('--full', 'look at everyone, not only at what changed')
    .option('--output <FILE>', 'write the whole plan there, too: .json, .csv, .ndjson, or text')
    .addOption(new Option('--format <FORMAT>', 'of show: how to tell everyone').choices(runFormats))
    .addOption(reason())
    .addOption(json())
    .action((words: readonly string[], flags: PlanFlags) => {
      const { output, format } = flags;
      const asJson = flags.json === true;
      const [first, planId, ...more] = words;
      if (first === 'show') {
        if (planId === undefined || more.length > 0) throw new Refusal('Give one plan to show: devsync plan show PLAN');
        if (asJson && format !== undefined && format !== 'json')
          throw new Refusal('Give either --json or --format: --json is --format json');
        take({ name: 'plan-show', planId, format: asJson ? 'json' : (format ?? 'table') });
        return;
      }
      if (format !== undefined) throw new Refusal('--format is about plan show PLAN');
      if (words.length > 0 && flags.full === true) throw new Refusal('Give either --full or the people');
      if (words.length > mostPeople) throw new Refusal(`Give at most ${String(mostPeople)} people, or --full`);
      const people = [...new Set(words.map(readPerson))];
      const reasonGiven = readReason(flags.reason);
      take({ name: 'plan', full: flags.full === true, people, output, reason: reasonGiven, json: asJson });
    });
  program
    .command('apply')
    .summary('do exactly what a plan says')
    .description(
      'Writes each person as the plan says; whoever is not as planned any more is left alone and told. A plan is applied once.',
    )
    .argument('<PLAN>')
    .option('--hash <H>', 'the hash of the plan that was read; another plan is refused')
    .option('--only <KIND|EMAIL...>', `only these: ${planKinds.join(', ')}, or people`)
    .option('--yes', 'do not ask')
    .option('--background', 'do not wait')
    .addOption(reason())
    .addOption(json())
    .action((planId: string, { hash, only = [], yes, background, reason: why, json: asJson }: ApplyFlags) => {
      take({
        name: 'apply',
        planId,
        hash,
        only: readOnly(only, readPerson),
        yes: yes === true,
        background: background === true,
        reason: readReason(why),
        json: asJson === true,
      });
    });
}

interface UndoFlags extends Pick<ApplyFlags, 'reason' | 'json' | 'yes'> {
  readonly person?: readonly string[];
  readonly dryRun?: true;
}

function addUndo(
  program: Program,
  readPerson: (argument: string) => PersonKey,
  take: (command: PlanCommand) => void,
): void {
  program
    .command('undo')
    .summary('put back what a run or an action changed')
    .description(
      'Shows what would be put back, asks, and puts it back; a value that moved on since is kept. devsync explain EMAIL' +
        ' shows what was changed for a person and by what.',
    )
    .argument('<RUN>', 'a run, an action of an operator; with --person also push, or one change')
    .option('--person <EMAIL...>', 'only for these people')
    .option('--dry-run', 'only show it')
    .option('--reason <TEXT>', 'why, kept with the action')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .action((act: string, { person = [], dryRun, reason, yes, json }: UndoFlags) => {
      if (person.length > mostPeople) throw new Refusal(`Give at most ${String(mostPeople)} people to --person`);
      if (person.length === 0 && (act === 'push' || act === 'pull'))
        throw new Refusal('Give the people whose pushed changes are to be undone: --person EMAIL');
      const people = [...new Set(person.map(readPerson))];
      const flags = { dryRun: dryRun === true, yes: yes === true, json: json === true };
      take({ name: 'undo', act, people, reason: readReason(reason), ...flags });
    });
}

function readOnly(words: readonly string[], readPerson: (argument: string) => PersonKey): Only {
  const kinds = words.filter(isKind);
  const people = words.filter((word) => !isKind(word)).map(readPerson);
  if (people.length > mostPeople) throw new Refusal(`Give at most ${String(mostPeople)} people to --only`);
  return { kinds: [...new Set(kinds)], people: [...new Set(people)] };
}

function isKind(word: string): word is PlanKind {
  return planKinds.some((kind) => kind === word);
}
