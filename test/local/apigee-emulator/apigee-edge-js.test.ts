import client from 'apigee-edge-js';
import { expect, test } from 'vitest';
import { ann, emailsOf, people, talkTo } from './talk.ts';

test.each([
  { mode: 'x', credentials: { token: 'token' } },
  { mode: 'edge', credentials: { user: 'op@example.com', password: 'secret', no_token: true } },
] as const)('apigee-edge-js manages developers on $mode', async ({ mode, credentials }) => {
  const { emulator } = await talkTo(mode);
  const { admin, org, url } = emulator;
  const { developers } = await client.apigee.connect({ mgmtServer: url, org, ...credentials });

  expect(await developers.create({ ...ann, attributes: { team: 'red' } })).toMatchObject({ ...ann, status: 'active' });
  expect(admin.developer(ann.email)?.attributes).toContainEqual({ name: 'team', value: 'red' });
  await expect(developers.create(ann)).rejects.toThrow('bad status: 409');

  expect(await developers.get(ann)).toMatchObject(ann);
  await expect(developers.get({ email: 'nobody@example.com' })).rejects.toThrow('bad status: 404');

  admin.seed(people(2));
  expect(emailsOf(await developers.get())).toEqual([ann.email, 'p0@example.com', 'p1@example.com']);

  await developers.revoke(ann);
  expect(admin.developer(ann.email)?.status).toBe('inactive');
  await developers.approve(ann);
  expect(admin.developer(ann.email)?.status).toBe('active');

  expect(await developers.del(ann)).toMatchObject(ann);
  expect(admin.developer(ann.email)).toBeUndefined();
});
