import { join } from 'node:path';
import { consoleOnLoopback } from '../../console/server/on-loopback.ts';
import { productVersion } from '../../console/server/version.ts';
import { builtConsolePage } from '../../scripts/build/console-page.ts';
import { openGoogleDeadLetters } from '../../shared/operator/actions/google-dead-letters.ts';
import { openGoogleScheduler } from '../../shared/operator/actions/google-scheduler.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { actingAs } from '../process/acting.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { readLocalConsole } from '../process/local-stack.ts';

const root = join(import.meta.dirname, '..', '..');
const jobs = { incrementalJob: 'developer-sync-incremental', fullJob: 'developer-sync-full' };

/** Serves the console on the loopback interface until the operator interrupts it. Acts with the operator's credentials. */
export async function serveConsole(
  services: Services,
  io: CliIo,
  { port }: { readonly port: number | undefined },
): Promise<ExitCode> {
  const { operator } = actingAs(io, undefined);
  const { project } = services.config;
  const location = io.env['GOOGLE_CLOUD_REGION'];
  const open = io.openScheduler ?? openGoogleScheduler;
  const schedule =
    location === undefined || location === '' ? undefined : { open: () => open({ project, location }), jobs };
  const offers = { editDevelopers: true, schedule, openDeadLetters: io.openDeadLetters ?? openGoogleDeadLetters };
  io.err('Preparing the page…\n');
  const web = await builtConsolePage(root);
  const console = await consoleOnLoopback({
    desk: { services, version: productVersion(), offers },
    operator: { ...operator, email: undefined },
    token: 'once',
    web,
    ...(port === undefined ? {} : { port }),
  });
  try {
    io.out(`${console.signedIn}\n`);
    io.err('Open this address: it signs in once. Ctrl-C ends the console.\n');
    if (schedule === undefined) io.err('The schedule is not shown: set GOOGLE_CLOUD_REGION to see it.\n');
    await io.interrupted?.();
    return 0;
  } finally {
    await console.close();
  }
}

/** Prints the address of the console that the local stack serves already. */
export async function sayLocalConsole(io: CliIo): Promise<ExitCode> {
  io.out(`${readLocalConsole(io.cwd)}\n`);
  return 0;
}
