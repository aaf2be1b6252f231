import { readConfig, ConfigError } from '../../shared/config/config.ts';
import { openGoogleDeadLetters } from '../../shared/operator/actions/google-dead-letters.ts';
import { openGoogleScheduler } from '../../shared/operator/actions/google-scheduler.ts';
import { operatorCalls } from '../../shared/wiring/allowances.ts';
import { googleServices } from '../../shared/wiring/google-services.ts';
import { createConsole } from './console.ts';
import { readDeployment } from './deployment.ts';
import { identifyByIap } from './guard/iap.ts';
import { listen } from './listen.ts';
import { productVersion } from './version.ts';

/** The console as it is deployed: on Cloud Run, behind IAP and never without it. */
async function main(): Promise<void> {
  const { env } = process;
  const deployment = readDeployment(env);
  const services = await googleServices(readConfig(env), { publisher: 'pubsub', call: operatorCalls });
  const { project } = services.config;
  const { location, jobs, editDevelopers, audience, roles, page, port } = deployment;
  const schedule =
    location === undefined ? undefined : { open: () => openGoogleScheduler({ project, location }), jobs };
  const offers = { editDevelopers, schedule, openDeadLetters: openGoogleDeadLetters };
  const identify = identifyByIap({ audience, roles, now: services.clock.now });
  const desk = { services, version: productVersion(), offers };
  // Status and attention read every held and failed person.
  const sharedFor = { run: 1000, status: 10_000, attention: 10_000, activity: 2000, runs: 2000, schedule: 10_000 };
  const app = createConsole({ desk, identify, web: page, sharedFor });
  const listening = await listen(app, '0.0.0.0', port);
  const end = (): void => {
    void listening.close().then(() => services.close());
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
