import type { Services } from '../shared/wiring/services.ts';
import { sayProblem } from './process/advice.ts';
import { Refusal, type CliIo, type ExitCode } from './process/cli-io.ts';
import { sayLocalConsole, serveConsole } from './commands/console.ts';
import { check } from './commands/check.ts';
import { developers } from './commands/developers.ts';
import { explain } from './commands/explain.ts';
import { forget } from './commands/forget.ts';
import { holds } from './commands/holds.ts';
import { cancelRun, resume, stop } from './commands/stop.ts';
import { runs } from './commands/runs.ts';
import { apply, plan, showPlan } from './commands/plan.ts';
import { replay } from './commands/replay.ts';
import { showRun } from './commands/show-run.ts';
import { schedule } from './commands/schedule.ts';
import { status } from './commands/status.ts';
import { syncOne } from './commands/sync-one.ts';
import { syncRun } from './commands/sync-run.ts';
import { undo } from './commands/undo.ts';
import { verify } from './commands/verify.ts';
import { refusalOf } from './render/refusal.ts';
import { refusedToLook } from '../shared/operator/actions/own-state.ts';
import { connect } from './process/connect.ts';
import { forward } from './process/forward.ts';
import { readLocalStack } from './process/local-stack.ts';
import { parseArgs, type Command } from './parse-args.ts';

/** Runs one `devsync` command, whose name and options are `args`. Never throws: what goes wrong is written to `err`. */
export async function runCli(args: readonly string[], io: CliIo): Promise<ExitCode> {
  try {
    const parsed = parseArgs(args, io);
    if (parsed.kind === 'answered') return parsed.code;
    return await carryOut(parsed, args, io);
  } catch (error) {
    sayProblem(error, io);
    return error instanceof Refusal ? error.code : 1;
  }
}

async function carryOut({ command, local }: Command, args: readonly string[], io: CliIo): Promise<ExitCode> {
  // Where services are given, this process is the local stack itself.
  if (command.name === 'console' && local) return sayLocalConsole(io);
  const stack = local && io.services === undefined ? readLocalStack(io.cwd, io.env) : undefined;
  if (stack?.kind === 'in-memory') return forward(stack.control, args, io);
  if (command.name === 'schedule') {
    if (local || io.services !== undefined)
      throw new Refusal('The local stack has no schedule: request a run with devsync --local sync');
    return schedule(io, command.action, command, io.openServices ?? (() => connect(io, undefined)));
  }
  if (command.name === 'check') return check(io, command, async (env) => io.services ?? connect({ ...io, env }, stack));
  const services = io.services ?? (await connect(io, stack));
  try {
    const refused = await refusedToLook(services);
    if (refused !== undefined) throw refusalOf(refused.reason);
    return await onServices(command, services, io);
  } finally {
    if (io.services === undefined) await services.close();
  }
}

function onServices(
  command: Exclude<Command['command'], { name: 'schedule' | 'check' }>,
  services: Services,
  io: CliIo,
): Promise<ExitCode> {
  switch (command.name) {
    case 'sync':
      return syncRun(services, io, command);
    case 'sync-one':
      return syncOne(services, io, command.person, command);
    case 'status':
      return status(services, io, command);
    case 'explain':
      return explain(services, io, command.person, command);
    case 'verify':
      return verify(services, io, command);
    case 'holds':
      return holds(services, io, command);
    case 'plan':
      return plan(services, io, command);
    case 'plan-show':
      return showPlan(services, io, command);
    case 'apply':
      return apply(services, io, command);
    case 'undo':
      return undo(services, io, command);
    case 'replay':
      return replay(services, io, command);
    case 'runs':
      return runs(services, io, command);
    case 'show-run':
      return showRun(services, io, command);
    case 'cancel-run':
      return cancelRun(services, io, command);
    case 'stop':
      return stop(services, io, command);
    case 'resume':
      return resume(services, io, command);
    case 'forget':
      return forget(services, io, command);
    case 'developers':
      return developers(services, io, command.developers);
    case 'console':
      return serveConsole(services, io, command);
  }
}
