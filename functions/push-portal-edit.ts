import { cloudEvent, type CloudEvent } from '@google-cloud/functions-framework';
import { readConfig } from '../shared/config/config.ts';
import { afterListening } from '../shared/wiring/after-listening.ts';
import { pushCalls } from '../shared/wiring/allowances.ts';

const config = readConfig(process.env);
const handlers = afterListening(() => import('../shared/wiring/handlers.ts'));
const services = afterListening(async () => {
  const { googleServices } = await import('../shared/wiring/google-services.ts');
  return googleServices(config, { call: pushCalls, publisher: 'none' });
});

/** Eventarc trigger on documents of the portal collection. */
cloudEvent('push-portal-edit', async (event: CloudEvent<unknown>) => {
  const { handlePortalEdit } = await handlers();
  const answer = await handlePortalEdit(await services(), event);
  // Thrown on purpose: it is how an event is given back. It carries nothing of what went wrong.
  if (answer === 'again') throw new Error('to be delivered again');
});
