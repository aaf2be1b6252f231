import { expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { ann, annDocument, developer, linked } from './ann.ts';

const blanks = ['', ' ', '\t\n', '\u00A0'];

test.each(blanks)(
  'a developer with the user name %j gets a portal user with the email as user name (rule 18)',
  async (userName) => {
    const world = inProcess();
    world.developers.seed({ email: ann, userName });
    await world.run();
    const [document] = world.database.portalDocuments();
    expect(document?.data).toMatchObject({ email: ann, userName: ann });
    const id = document?.id ?? '';
    world.database.putPortalDocument(id, { ...document?.data, lastName: 'Leigh' });
    expect(await world.push(id)).toMatchObject([{ outcome: 'updated-apigee' }]);
    expect(developer(world)).toMatchObject({ lastName: 'Leigh', userName: ann });
  },
);

test.each(blanks)(
  'an edit of a developer with the user name %j carries that of the portal user, else the email',
  async (userName) => {
    const world = await linked();
    for (const [named, expected] of [
      ['ann-lee', 'ann-lee'],
      [userName, ann],
      [undefined, ann],
    ] as const) {
      world.developers.seed({ ...developer(world), email: ann, userName });
      const lastName = `Leigh ${String(named)}.`;
      world.database.putPortalDocument('ann', {
        ...annDocument,
        lastName,
        ...(named === undefined ? {} : { userName: named }),
      });
      expect(await world.push('ann')).toMatchObject([{ outcome: 'updated-apigee' }]);
      expect(developer(world)).toMatchObject({ lastName, userName: expected });
    }
  },
);

test.each(blanks)(
  'a portal user with the user name %j gets a developer with the email as user name',
  async (userName) => {
    const world = inProcess();
    world.database.putPortalDocument('ann', { ...annDocument, userName });
    await world.push('ann');
    expect(developer(world)).toMatchObject({ userName: ann });
  },
);

test.each(blanks)(
  'names that are %j in Apigee are filled from the portal, and those on the portal from Apigee',
  async (blank) => {
    const world = await linked();
    world.developers.seed({ ...developer(world), email: ann, firstName: blank, userName: blank });
    world.database.putPortalDocument('ann', { ...annDocument, attributes: { tier: 'iron' } });
    expect(await world.push('ann')).toMatchObject([{ outcome: 'updated-apigee' }]);
    expect(developer(world)).toMatchObject({ firstName: 'Ann', userName: ann });
  },
);

test.each(blanks)('a status and a time that are %j say nothing, and fail nobody', async (blank) => {
  const world = await linked();
  world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh', status: blank, updatedAt: blank });
  expect(await world.push('ann')).toMatchObject([{ outcome: 'updated-apigee', fields: ['lastName'] }]);
  expect(developer(world)).toMatchObject({ lastName: 'Leigh', status: 'active' });
});

test.each(blanks)(
  'a document whose email is %j fails under its id, and nobody else does (rules 7, 18)',
  async (email) => {
    const world = inProcess();
    world.database.putPortalDocument('odd', { ...annDocument, email });
    world.database.putPortalDocument('ann', annDocument);
    const run = await world.run();
    expect(run).toMatchObject({ state: 'done', totals: { counts: { seen: 2, failed: 1, created: { apigee: 1 } } } });
  },
);
