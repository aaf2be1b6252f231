import { runCli } from '../cli/run-cli.ts';
import type { Services } from '../shared/wiring/services.ts';
import type { Environment } from './settings.ts';

/** Runs a `devsync` command on the stack's own services, and answers what it said. */
export async function runDevsync(
  args: readonly string[],
  services: Services,
  env: Environment,
): Promise<{ readonly out: string; readonly err: string; readonly code: number }> {
  let out = '';
  let err = '';
  const code = await runCli(args, {
    env,
    cwd: process.cwd(),
    services,
    out(text) {
      out += text;
    },
    err(text) {
      err += text;
    },
  });
  return { out, err, code };
}
