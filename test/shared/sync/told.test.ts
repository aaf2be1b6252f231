import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../shared/config/config.ts';
import { documentOf, emailOf, idOf } from '../../support/crowd.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';

const template = { subject: 'Welcome', text: 'You are {{userId}}' };
const env = (more: object = {}) => ({
  MAIL_COLLECTION: 'mail',
  MAIL_TEMPLATE: JSON.stringify({ ...template, ...more }),
});
const told = ({ database }: InProcess) =>
  database.alongside.map(({ collection, data }) => ({ collection, to: data['to'] }));
const mailTo = (person: number) => ({ collection: 'mail', to: [emailOf(person)] });
const seed = (world: InProcess, person: number): void =>
  world.developers.seed({ email: emailOf(person), firstName: 'A', lastName: 'B', lastModifiedAt: Date.now() });

describe('who was brought to the portal by Apigee is told once (MAIL_COLLECTION)', () => {
  test('but nobody of the first load', async () => {
    const world = inProcess({ env: env() });
    seed(world, 1);
    await world.run();
    expect(told(world)).toEqual([]);
    seed(world, 2);
    await world.run({ mode: 'incremental' });
    expect(told(world)).toEqual([mailTo(2)]);
    const [user] = world.database.portalDocuments().filter(({ data }) => data['email'] === emailOf(2));
    expect(world.database.alongside[0]?.data).toMatchObject({ message: { text: `You are ${user?.id ?? ''}` } });
    expect(world.logs.filter(({ event }) => event === 'person_told')).toHaveLength(1);
    await world.run();
    expect(told(world)).toHaveLength(1);
  });

  test('unless that is asked for', async () => {
    const world = inProcess({ env: env({ firstLoad: true }) });
    seed(world, 1);
    await world.run();
    expect(told(world)).toEqual([mailTo(1)]);
  });

  test('not by a dry run, not who registered, and nobody where nothing is set', async () => {
    const world = inProcess({ env: env({ firstLoad: true }) });
    seed(world, 1);
    world.database.putPortalDocument(idOf(2), documentOf(2));
    await world.run({ dryRun: true });
    expect(told(world)).toEqual([]);
    await world.run();
    expect(told(world)).toEqual([mailTo(1)]);
    const silent = inProcess();
    seed(silent, 1);
    await silent.run();
    expect(told(silent)).toEqual([]);
  });

  test('also where the commit that made the user was tried again', async () => {
    let crashed = 0;
    const world = inProcess({
      env: env({ firstLoad: true }),
      async around(effect, happen) {
        if (effect === 'transact' && crashed < 3) {
          crashed += 1;
          throw new Error('a crash');
        }
        return happen();
      },
    });
    seed(world, 1);
    await world.run();
    await world.run();
    expect(told(world)).toEqual([mailTo(1)]);
  });

  test.each([
    [{ MAIL_COLLECTION: 'mail' }, 'go together'],
    [{ MAIL_TEMPLATE: '{"name":"x"}' }, 'go together'],
    [{ MAIL_COLLECTION: 'portalUsers', MAIL_TEMPLATE: '{"name":"x"}' }, 'another collection'],
    [{ MAIL_COLLECTION: 'a/b', MAIL_TEMPLATE: '{"name":"x"}' }, 'MAIL_COLLECTION is wrong'],
    [{ MAIL_COLLECTION: 'mail', MAIL_TEMPLATE: '{}' }, 'MAIL_TEMPLATE has to have'],
    [{ MAIL_COLLECTION: 'mail', MAIL_TEMPLATE: '@/no/such/file' }, 'MAIL_TEMPLATE: '],
  ])('%j is refused at the start', (wrong, message) => {
    expect(() => readConfig({ APIGEE_ORG: 'a', GOOGLE_CLOUD_PROJECT: 'p', ...wrong })).toThrow(message);
  });
});
