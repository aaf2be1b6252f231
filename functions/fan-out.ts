import { http } from '@google-cloud/functions-framework';
import { readConfig } from '../shared/config/config.ts';
import { batchCalls } from '../shared/wiring/allowances.ts';
import { googleServices } from '../shared/wiring/google-services.ts';
import { handleFanOut } from '../shared/wiring/handlers.ts';
import { once } from '../shared/wiring/once.ts';

const config = readConfig(process.env);
const services = once(() => googleServices(config, { call: batchCalls, publisher: 'pubsub' }));

/** Push subscription of the sync requests topic. */
http('fan-out', async (request, response) => {
  const answer = await handleFanOut(await services(), request.body, request.header('traceparent'));
  response.status(answer === 'done' ? 204 : 503).end();
});
