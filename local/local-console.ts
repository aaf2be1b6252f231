import { consoleOnLoopback, type LoopbackConsole } from '../console/server/on-loopback.ts';
import { productVersion } from '../console/server/version.ts';
import { openGoogleDeadLetters } from '../shared/operator/actions/google-dead-letters.ts';
import type { Backend } from './backend.ts';

/** Everything in the local stack is made up, so whoever opens the console may do everything. */
const operator = { id: 'local', email: undefined, name: 'you, on this machine', role: 'admin' } as const;

/** Serves the console on the stack's own services. */
export async function startConsole(
  { kind, services }: Pick<Backend, 'kind' | 'services'>,
  page: (() => Promise<string>) | undefined,
): Promise<LoopbackConsole> {
  const openDeadLetters = kind === 'memory' ? undefined : openGoogleDeadLetters;
  const offers = { editDevelopers: true, schedule: undefined, openDeadLetters };
  const desk = { services, version: productVersion(), offers };
  return consoleOnLoopback({ desk, operator, token: 'often', web: await page?.() });
}
