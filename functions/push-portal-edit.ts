import { cloudEvent, type CloudEvent } from '@google-cloud/functions-framework';
import { readConfig } from '../shared/config/config.ts';
import { pushCalls } from '../shared/wiring/allowances.ts';
import { googleServices } from '../shared/wiring/google-services.ts';
import { handlePortalEdit } from '../shared/wiring/handlers.ts';
import { once } from '../shared/wiring/once.ts';

const config = readConfig(process.env);
const services = once(() => googleServices(config, { call: pushCalls, publisher: 'none' }));

/** Eventarc trigger on documents of the portal collection. */
cloudEvent('push-portal-edit', async (event: CloudEvent<unknown>) => {
  const answer = await handlePortalEdit(await services(), event);
  // Thrown on purpose: it is how an event is given back. It carries nothing of what went wrong.
  if (answer === 'again') throw new Error('to be delivered again');
});
