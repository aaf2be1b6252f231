import { expect, test } from 'vitest';
import { newMeter } from '../../../shared/state/meter.ts';
import { inProcess } from '../../support/in-process.ts';
import { annDocument } from '../sync/ann.ts';

test.each([
  { PORTAL_FILTER: '@' },
  { PORTAL_COLLECTION: 'users' },
  { APIGEE_ORG: 'another' },
  { PORTAL_MAPPING: '{"email":"mail"}' },
  { PORTAL_MAPPING: '{"lastName":"familyName"}' },
])('the first run with other settings is full, whatever was asked for: %j (rules 1, 3)', async (env) => {
  const before = inProcess();
  await before.run();
  expect((await before.run({ mode: 'incremental' })).mode).toBe('incremental');
  const control = await before.services.runs(newMeter()).control();
  const after = inProcess({ env });
  // As the runbook has it done: the state is nobody's, and these settings take it over (rule 38).
  await after.services.runs(newMeter()).updateControl(() => ({ control: { ...control, owner: undefined }, result: 0 }));
  expect((await after.run({ mode: 'incremental' })).mode).toBe('full');
  expect((await after.run({ mode: 'incremental' })).mode).toBe('incremental');
});

test('a person whom a wider filter selects gets no second portal user, however the email is spelt there (rule 1)', async () => {
  const world = inProcess({ env: { PORTAL_FILTER: '@example' } });
  await world.run();
  const document = { ...annDocument, email: 'Bob@Other.com', updatedAt: new Date(0) };
  const wider = inProcess({ env: { PORTAL_FILTER: '@' } });
  const control = await world.services.runs(newMeter()).control();
  await wider.services.runs(newMeter()).updateControl(() => ({ control, result: undefined }));
  wider.database.putPortalDocument('bob', document);
  wider.developers.seed({ email: 'bob@other.com', firstName: 'Bob', lastName: 'Lee' });
  await wider.run({ mode: 'incremental' });
  expect(wider.database.portalDocuments()).toHaveLength(1);
});
