import { expect, test } from 'vitest';
import { handlePortalEdit } from '../../../shared/wiring/handlers.ts';
import { inProcess } from '../../support/in-process.ts';
import { annDocument, developer, linked, unavailable } from './ann.ts';

const type = 'google.cloud.firestore.document.v1.written';

test('the echo of a push is told from a push (rule 23)', async () => {
  const world = await linked();
  world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anne' });
  const events = (): readonly string[] => world.logs.splice(0).map(({ event }) => event);
  const deliver = () => handlePortalEdit(world.services, { type, document: 'portalUsers/ann' });
  events();
  expect(await deliver()).toBe('done');
  expect(events()).toEqual(['person_changed', 'push_completed']);
  expect(await deliver()).toBe('done');
  expect(events()).toEqual(['echo_skipped']);
});

test('an edit that has to wait for Apigee is given back, and is not counted as handled (rule 24)', async () => {
  let away = true;
  const world = await linked({
    wrap: (developers) => ({
      ...developers,
      update: async (email, body) => (away ? unavailable : developers.update(email, body)),
    }),
  });
  world.database.putPortalDocument('ann', { ...annDocument, firstName: 'Anne' });
  world.logs.splice(0);
  expect(await handlePortalEdit(world.services, { type, document: 'portalUsers/ann' })).toBe('again');
  expect(world.logs.splice(0).map(({ event }) => event)).toEqual([
    'apigee_unavailable',
    'person_failed',
    'push_postponed',
  ]);
  away = false;
  expect(await handlePortalEdit(world.services, { type, document: 'portalUsers/ann' })).toBe('done');
  expect(world.logs.map(({ event }) => event)).toEqual(['person_changed', 'push_completed']);
});

test('a document whose id a header cannot carry as it is reaches Apigee (rule 2)', async () => {
  const world = inProcess();
  world.database.putPortalDocument('Zoë 1%', annDocument);
  const name = Buffer.from('projects/demo/databases/(default)/documents/portalUsers/Zoë 1%');
  const value = Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const data = Buffer.concat([Buffer.from([0x0a, value.length]), value]);
  await handlePortalEdit(world.services, { type, data, document: 'portalUsers/Zo%C3%AB%201%25' });
  expect(developer(world)).toMatchObject({ firstName: 'Ann' });
});
