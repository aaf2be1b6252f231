import { Argument, Option, type Command as Program } from 'commander';
import { holdReasons, type HoldReason } from '../shared/core/model/link.ts';
import type { PersonKey } from '../shared/core/model/email.ts';
import type { HoldsAction, HoldsOptions } from './commands/holds.ts';
import { readReason } from './parse-reason.ts';
import { Refusal } from './process/cli-io.ts';

const holdsActions = ['list', 'approve', 'release'] as const;

interface HoldsFlags {
  readonly background?: true;
  readonly reasonIs?: HoldReason;
  readonly all?: true;
  readonly reason?: string;
  readonly yes?: true;
  readonly json?: true;
}

/** Adds `holds` to the program. `take` is told what it asks for. */
export function addHolds(
  program: Program,
  readPerson: (argument: string) => PersonKey,
  take: (command: HoldsOptions) => void,
): void {
  program
    .command('holds')
    .summary('what is held and why; let a held run or held people go on')
    .description(
      'Lists what is held and why. approve RUN lets a held run go on, release EMAIL a held person,' +
        ' release --reason-is REASON --all everyone who is held for that reason.',
    )
    .addArgument(new Argument('[ACTION]').choices(holdsActions).default('list'))
    .argument('[RUN|EMAIL]', 'the run to approve, or the person to release')
    .option('--background', 'do not wait for the approved run')
    .addOption(new Option('--reason-is <REASON>', 'release those who are held for this').choices(holdReasons))
    .option('--all', 'all of them')
    .option('--reason <TEXT>', 'why, kept with the action')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .action((action: HoldsAction['kind'], target: string | undefined, flags: HoldsFlags) => {
      const reason = readReason(flags.reason);
      take({
        action: holdsOf(action, target, flags, readPerson),
        json: flags.json === true,
        yes: flags.yes === true,
        reason,
      });
    });
}

/** What `holds ACTION` asks for. `target`: the run or the person, as typed. Throws Refusal. */
function holdsOf(
  action: HoldsAction['kind'],
  target: string | undefined,
  { background, reasonIs, all, reason, yes }: HoldsFlags,
  readPerson: (argument: string) => PersonKey,
): HoldsAction {
  if (background === true && action !== 'approve') throw new Refusal('--background is about holds approve RUN');
  if ((reasonIs !== undefined || all === true) && action !== 'release')
    throw new Refusal('--reason-is and --all are about holds release');
  switch (action) {
    case 'list':
      if (target !== undefined) throw new Refusal('holds list takes no more: devsync holds shows all of them');
      if (reason !== undefined || yes === true)
        throw new Refusal('--reason and --yes are about holds approve and holds release');
      return { kind: 'list' };
    case 'approve':
      if (target === undefined) throw new Refusal('Give the run to approve: devsync holds lists those that are held');
      return { kind: 'approve', runId: target, background: background === true };
    case 'release':
    case 'release-all':
      if (reasonIs === undefined && all !== true) {
        if (target === undefined)
          throw new Refusal('Give the person to release: devsync holds lists those who are held');
        return { kind: 'release', person: readPerson(target) };
      }
      if (target !== undefined) throw new Refusal('Give either an EMAIL, or --reason-is REASON --all');
      if (reasonIs === undefined || all !== true)
        throw new Refusal('To release many, give both: --reason-is REASON --all. devsync holds shows the reasons');
      return { kind: 'release-all', reason: reasonIs };
  }
}
