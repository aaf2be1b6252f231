import { http } from '@google-cloud/functions-framework';
import { readConfig } from '../shared/config/config.ts';
import { afterListening } from '../shared/wiring/after-listening.ts';
import { pullCalls } from '../shared/wiring/allowances.ts';

const config = readConfig(process.env);
const handlers = afterListening(() => import('../shared/wiring/pull-handler.ts'));
const services = afterListening(async () => {
  const { googleServices } = await import('../shared/wiring/google-services.ts');
  return googleServices(config, { call: pullCalls, publisher: 'pubsub' });
});

/** Push subscription of the audit topic. */
http('pull-apigee-edit', async (request, response) => {
  const { handlePullEdit } = await handlers();
  const answer = await handlePullEdit(await services(), request.body, request.header('traceparent'));
  response.status(answer === 'done' ? 204 : 503).end();
});
