import { setTimeout as sleep } from 'node:timers/promises';
import type { Services } from '../shared/wiring/services.ts';
import { sayProblem } from './process/advice.ts';
import { Refusal, type CliIo, type ExitCode } from './process/cli-io.ts';
import { connect } from './process/connect.ts';
import { forward } from './process/forward.ts';
import { readLocalStack } from './process/local-stack.ts';
import type { Command } from './command.ts';
import { parseArgs } from './parse-args.ts';

/** Runs one `devsync` command, whose name and options are `args`. Never throws: what goes wrong is written to `err`. */
export async function runCli(args: readonly string[], io: CliIo): Promise<ExitCode> {
  try {
    // What the script for a shell asks.
    if (args[0] === 'complete' && args[1] === '--') {
      (await import('./commands/completion.ts')).suggest(args.slice(2));
      return 0;
    }
    const parsed = parseArgs(args, io);
    if (parsed.kind === 'answered') return parsed.code;
    return await carryOut(parsed, args, io);
  } catch (error) {
    sayProblem(error, io);
    return error instanceof Refusal ? error.code : 1;
  }
}

async function carryOut({ command, local }: Command, args: readonly string[], io: CliIo): Promise<ExitCode> {
  if (command.name === 'completion') {
    (await import('./commands/completion.ts')).printScript(command.shell);
    return 0;
  }
  // Where services are given, this process is the local stack itself.
  if (command.name === 'console' && local) return (await import('./commands/console.ts')).sayLocalConsole(io);
  const stack = local && io.services === undefined ? readLocalStack(io.cwd, io.env) : undefined;
  if (stack?.kind === 'in-memory') return forward(stack.control, args, io);
  if (command.name === 'schedule') {
    if (local || io.services !== undefined)
      throw new Refusal('The local stack has no schedule: request a run with devsync --local sync');
    return (await import('./commands/schedule.ts')).schedule(
      io,
      command.action,
      command,
      io.openServices ?? (() => connect(io, undefined)),
    );
  }
  if (command.name === 'check')
    return (await import('./commands/check.ts')).check(
      io,
      command,
      async (env) => io.services ?? connect({ ...io, env }, stack, { ledger: 'none' }),
    );
  const services = io.services ?? (await connect(io, stack));
  try {
    await firstAnswer(refuseOtherState(services), services.config.project, io);
  } catch (error) {
    // Whoever does not answer would hold up the end as well.
    if (io.services === undefined) void services.close().catch(() => undefined);
    throw error;
  }
  try {
    return await onServices(command, services, io);
  } finally {
    if (io.services === undefined) await services.close();
  }
}

/** Ms. */
const firstAnswerWithin = { sayAfter: 1000, giveUpAfter: 10_000 };

/** The clients would try for more than a minute, and say nothing. */
async function firstAnswer(answer: Promise<void>, project: string, { terminal, err }: CliIo): Promise<void> {
  const silence = setTimeout(() => terminal && err(`Asking Firestore of ${project}…\n`), firstAnswerWithin.sayAfter);
  const late = new AbortController();
  const giveUp = sleep(firstAnswerWithin.giveUpAfter, undefined, { signal: late.signal }).then(() => {
    throw new Refusal(
      'Firestore has not answered for 10 s: check the network, GOOGLE_CLOUD_PROJECT and FIRESTORE_DATABASE, and whether' +
        ' you are logged in (gcloud auth application-default login)',
    );
  });
  try {
    await Promise.race([answer, giveUp]);
  } finally {
    clearTimeout(silence);
    late.abort();
    giveUp.catch(() => undefined);
  }
}

async function refuseOtherState(services: Services): Promise<void> {
  const { refusedToLook } = await import('../shared/operator/actions/own-state.ts');
  const refused = await refusedToLook(services);
  if (refused === undefined) return;
  const { refusalOf } = await import('./render/refusal.ts');
  throw refusalOf(refused.reason);
}

/** Each command is loaded when it is asked for. */
async function onServices(
  command: Exclude<Command['command'], { name: 'schedule' | 'completion' | 'check' }>,
  services: Services,
  io: CliIo,
): Promise<ExitCode> {
  switch (command.name) {
    case 'sync':
      return (await import('./commands/sync-run.ts')).syncRun(services, io, command);
    case 'sync-one':
      return (await import('./commands/sync-one.ts')).syncOne(services, io, command.person, command);
    case 'status':
      return (await import('./commands/status.ts')).status(services, io, command);
    case 'explain':
      return (await import('./commands/explain.ts')).explain(services, io, command.person, command);
    case 'verify':
      return (await import('./commands/verify.ts')).verify(services, io, command);
    case 'holds':
      return (await import('./commands/holds.ts')).holds(services, io, command);
    case 'plan':
      return (await import('./commands/plan.ts')).plan(services, io, command);
    case 'plan-show':
      return (await import('./commands/plan.ts')).showPlan(services, io, command);
    case 'apply':
      return (await import('./commands/plan.ts')).apply(services, io, command);
    case 'undo':
      return (await import('./commands/undo.ts')).undo(services, io, command);
    case 'replay':
      return (await import('./commands/replay.ts')).replay(services, io, command);
    case 'runs':
      return (await import('./commands/runs.ts')).runs(services, io, command);
    case 'show-run':
      return (await import('./commands/show-run.ts')).showRun(services, io, command);
    case 'cancel-run':
      return (await import('./commands/stop.ts')).cancelRun(services, io, command);
    case 'stop':
      return (await import('./commands/stop.ts')).stop(services, io, command);
    case 'resume':
      return (await import('./commands/stop.ts')).resume(services, io, command);
    case 'forget':
      return (await import('./commands/forget.ts')).forget(services, io, command);
    case 'developers':
      return (await import('./commands/developers.ts')).developers(services, io, command.developers);
    case 'console':
      return (await import('./commands/console.ts')).serveConsole(services, io, command);
  }
}
