import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, readConfig, type Config } from '../../shared/config/config.ts';
import { operatorCalls } from '../../shared/wiring/allowances.ts';
import type { GoogleOptions } from '../../shared/wiring/google-services.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { CliIo } from './cli-io.ts';
import type { LocalStack } from './local-stack.ts';

/** Connects as configured, or to the local stack. Logs nothing: log lines would mix with what the command prints. */
export async function connect(
  io: CliIo,
  stack: LocalStack | undefined,
  options: Pick<GoogleOptions, 'ledger'> = {},
): Promise<Services> {
  const local = stack?.kind === 'emulators' ? stack : undefined;
  const config = readSettings(local?.env ?? io.env, io.cwd);
  if (local !== undefined) {
    io.useEmulators?.({
      FIRESTORE_EMULATOR_HOST: local.firestore,
      PUBSUB_EMULATOR_HOST: local.pubsub,
      METADATA_SERVER_DETECTION: 'none',
    });
  }
  // Loaded only now, because the clients read the environment while they are loaded.
  const { googleServices } = await import('../../shared/wiring/google-services.ts');
  return googleServices(config, { ...options, publisher: 'pubsub', call: operatorCalls, log: () => undefined });
}

/** Throws ConfigError, which also says how a local stack is meant, where one is up here. */
function readSettings(env: CliIo['env'], cwd: string): Config {
  try {
    return readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const isUp = existsSync(join(cwd, '.local', 'stack.json'));
    const hint = isUp
      ? 'A local stack is up here: did you mean devsync --local?'
      : 'Settings come from the environment, for example from a file: set -a; . ./.env.sync; set +a';
    throw new ConfigError(`${error.message}\n${hint}`);
  }
}
