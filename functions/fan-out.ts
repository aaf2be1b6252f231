import { http } from '@google-cloud/functions-framework';
import { readConfig } from '../shared/config/config.ts';
import { afterListening } from '../shared/wiring/after-listening.ts';
import { batchCalls } from '../shared/wiring/allowances.ts';

const config = readConfig(process.env);
const handlers = afterListening(() => import('../shared/wiring/handlers.ts'));
const services = afterListening(async () => {
  const { googleServices } = await import('../shared/wiring/google-services.ts');
  return googleServices(config, { call: batchCalls, publisher: 'pubsub' });
});

/** Push subscription of the sync requests topic. */
http('fan-out', async (request, response) => {
  const { handleFanOut } = await handlers();
  const answer = await handleFanOut(await services(), request.body, request.header('traceparent'));
  response.status(answer === 'done' ? 204 : 503).end();
});
