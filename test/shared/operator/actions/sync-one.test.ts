import { describe, expect, test } from 'vitest';
import { syncOnePerson } from '../../../../shared/operator/actions/sync-one.ts';
import { inProcess } from '../../../support/in-process.ts';
import { email } from '../../state/samples.ts';

const ann = { email: 'ann@example.com', firstName: 'Ann', lastName: 'Archer' };
const key = email(ann.email);

describe('synchronising one person', () => {
  test('answers what became of the person, and notes on the link that an operator did it', async () => {
    const world = inProcess();
    world.database.putPortalDocument('u1', ann);
    expect(await syncOnePerson(world.services, key)).toMatchObject({
      kind: 'synced',
      result: { key, outcome: 'created-apigee', disposition: 'final' },
    });
    expect(world.database.allLinks()).toMatchObject([
      { key, last: { by: { kind: 'operator', actionId: expect.stringMatching(/^manual-\d{8}T\d{6}Z-[\da-f]{8}$/u) } } },
    ]);
  });

  test('is refused before a full run where a portal user may be spelt otherwise, and writes nothing (rule 1)', async () => {
    const world = inProcess();
    world.database.putPortalDocument('u1', { ...ann, email: 'Ann@Example.com' });
    world.developers.seed(ann);
    expect(await syncOnePerson(world.services, key)).toEqual({ kind: 'refused', reason: { kind: 'no-full-run' } });
    expect(world.database.allLinks()).toEqual([]);
    expect(world.calls.get).toBe(0);
    await world.run();
    expect(await syncOnePerson(world.services, key)).toMatchObject({ kind: 'synced' });
    expect(world.database.portalDocuments()).toHaveLength(1);
  });

  test('a full run with other settings does not count', async () => {
    const world = inProcess();
    await world.run();
    const { services } = inProcess({ env: { PORTAL_FILTER: '@example' } });
    const filtered = { ...world.services, config: services.config };
    world.developers.seed(ann);
    expect(await syncOnePerson(filtered, key)).toEqual({ kind: 'refused', reason: { kind: 'no-full-run' } });
    expect(await syncOnePerson(world.services, key)).toMatchObject({ result: { outcome: 'created-portal' } });
  });

  test('answers the error where Apigee cannot be asked, and writes nothing', async () => {
    const error = {
      kind: 'unavailable',
      operation: 'get',
      status: 503,
      code: undefined,
      message: 'get: HTTP 503',
      ambiguous: false,
    } as const;
    const world = inProcess({ wrap: (it) => ({ ...it, get: async () => ({ ok: false, error }) }) });
    world.database.putPortalDocument('u1', ann);
    expect(await syncOnePerson(world.services, key)).toEqual({ kind: 'not-reached', error });
    expect(world.database.allLinks()).toEqual([]);
  });
});
