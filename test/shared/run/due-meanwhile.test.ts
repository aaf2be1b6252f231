import { expect, test } from 'vitest';
import { linkId } from '../../../shared/core/model/email.ts';
import type { Link } from '../../../shared/core/model/link.ts';
import { encodeLink } from '../../../shared/state/link-document.ts';
import type { InProcess } from '../../support/in-process.ts';
import { ann, annDocument, developer, linked } from '../sync/ann.ts';

test('an edit is marked also where the link was due when the page was read, and was looked at meanwhile (rule 20)', async () => {
  let isArmed = false;
  const world: InProcess = await linked({
    async around(effect, happen) {
      if (isArmed && effect === 'transact') {
        isArmed = false;
        putDue(undefined);
      }
      return happen();
    },
  });
  await world.run();
  const link = world.database.linkOf(ann);
  if (link === undefined) throw new Error('Ann has no link');
  const putDue = (due: number | undefined): unknown =>
    world.database.links.put(linkId(ann), encodeLink({ ...link, due } satisfies Link), Date.now());
  putDue(1);
  world.database.putPortalDocument('ann', { ...annDocument, lastName: 'Leigh', updatedAt: new Date() });
  isArmed = true;
  await world.run({ mode: 'incremental' });
  expect(isArmed).toBe(false);
  expect(developer(world)).toMatchObject({ lastName: 'Leigh' });
});
