import { expect, test } from 'vitest';
import { handlePortalEdit } from '../../../shared/wiring/handlers.ts';
import { inProcess } from '../../support/in-process.ts';
import { annDocument, developer, linked } from './ann.ts';

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

test('a document whose id a header cannot carry as it is reaches Apigee (rule 2)', async () => {
  const world = inProcess();
  world.database.putPortalDocument('Zoë 1%', annDocument);
  const name = Buffer.from('projects/demo/databases/(default)/documents/portalUsers/Zoë 1%');
  const value = Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const data = Buffer.concat([Buffer.from([0x0a, value.length]), value]);
  await handlePortalEdit(world.services, { type, data, document: 'portalUsers/Zo%C3%AB%201%25' });
  expect(developer(world)).toMatchObject({ firstName: 'Ann' });
});
