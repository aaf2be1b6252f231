import { http } from '@google-cloud/functions-framework';
import { readConfig } from '../shared/config/config.ts';
import { pullCalls } from '../shared/wiring/allowances.ts';
import { googleServices } from '../shared/wiring/google-services.ts';
import { once } from '../shared/wiring/once.ts';
import { handlePullEdit } from '../shared/wiring/pull-handler.ts';

const config = readConfig(process.env);
const services = once(() => googleServices(config, { call: pullCalls, publisher: 'pubsub' }));

/** Push subscription of the audit topic. */
http('pull-apigee-edit', async (request, response) => {
  const answer = await handlePullEdit(await services(), request.body, request.header('traceparent'));
  response.status(answer === 'done' ? 204 : 503).end();
});
