import { readConfig } from '../../shared/config/config.ts';
import { batchCalls } from '../../shared/wiring/allowances.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { CliIo } from './cli-io.ts';
import type { LocalStack } from './local-stack.ts';

/** Connects as configured, or to the local stack. Logs nothing: log lines would mix with what the command prints. */
export async function connect(io: CliIo, stack: LocalStack | undefined): Promise<Services> {
  const local = stack?.kind === 'emulators' ? stack : undefined;
  const config = readConfig(local?.env ?? io.env);
  if (local !== undefined) {
    io.useEmulators?.({
      FIRESTORE_EMULATOR_HOST: local.firestore,
      PUBSUB_EMULATOR_HOST: local.pubsub,
      METADATA_SERVER_DETECTION: 'none',
    });
  }
  // Loaded only now, because the clients read the environment while they are loaded.
  const { googleServices } = await import('../../shared/wiring/google-services.ts');
  return googleServices(config, { publisher: 'pubsub', call: batchCalls, log: () => undefined });
}
