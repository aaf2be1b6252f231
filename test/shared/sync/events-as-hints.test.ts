import { describe, expect, test } from 'vitest';
import { handlePortalEdit } from '../../../shared/wiring/handlers.ts';
import { annDocument, developer, linked } from './ann.ts';

const types = 'google.cloud.firestore.document.v1.';
const document = 'portalUsers/ann';

describe('an event is a hint to look, and proves nothing (rule 20)', () => {
  test.each(['created', 'updated', 'deleted', 'written'])(
    'one that says "%s" and comes late takes nothing from a user who is there',
    async (kind) => {
      const world = await linked();
      world.database.deletePortalDocument('ann');
      world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh' });
      expect(await handlePortalEdit(world.services, { type: types + kind, document })).toBe('done');
      expect(developer(world)).toMatchObject({ lastName: 'Leigh', status: 'active' });
      expect(world.calls).toMatchObject({ update: 1, status: 0, delete: 0 });
    },
  );

  test.each(['created', 'updated', 'written'])(
    'one that says "%s" and comes late brings back nobody who is gone',
    async (kind) => {
      const world = await linked();
      world.database.deletePortalDocument('ann');
      expect(await handlePortalEdit(world.services, { type: types + kind, document })).toBe('done');
      expect(developer(world)).toMatchObject({ status: 'inactive' });
      expect(world.database.portalDocuments()).toEqual([]);
    },
  );

  test('an edit whose own time is before the last push is pushed all the same', async () => {
    const world = await linked();
    const edit = (lastName: string, updatedAt: number): void =>
      world.database.putPortalDocument('ann', { ...annDocument, lastName, updatedAt: new Date(updatedAt) });
    edit('Leigh', Date.now());
    await world.push('ann');
    // Of another server, whose clock is an hour behind.
    edit('Lea', Date.now() - 3_600_000);
    await world.push('ann');
    expect(developer(world)).toMatchObject({ lastName: 'Lea' });
  });
});
