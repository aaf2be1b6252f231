import { describe, expect, test } from 'vitest';
import { committed, type TransactionStep, type View } from '../../../shared/state/people.ts';
import type { OpenPeopleStore } from './people-contract.ts';
import { email, linkOf, putLinks } from './samples.ts';

const ann = email('ann@example.com');
const bob = email('bob@example.com');

/** A step that appends to the first name of `u1`; `names`: what it found at each try. */
function renamed({ portal }: View, names: (string | undefined)[]): TransactionStep<undefined> {
  const reading = portal.get('u1');
  const name = reading?.kind === 'user' ? reading.user.profile.firstName : undefined;
  names.push(name);
  const changes = [{ field: 'firstName', value: `${name ?? ''}!` } as const];
  return { result: undefined, portal: [{ kind: 'update', id: 'u1', changes }] };
}

export function seenBeforeContract(open: OpenPeopleStore): void {
  describe('transactions over what was seen before', () => {
    test('what was seen before is not read again, unless it has changed', async (context) => {
      const store = open(context);
      const people = store.people();
      await putLinks(people, [linkOf(ann)]);
      await store.putPortal('u1', { email: 'ann@example.com', firstName: 'Ann' });
      const scope = { links: [ann], userIds: ['u1'] };
      const seen = await people.read(scope);
      const rename = async (): Promise<readonly (string | undefined)[]> => {
        const names: (string | undefined)[] = [];
        await people.transact({ ...scope, seen }, (view) => ({ ...renamed(view, names), links: [linkOf(ann)] }));
        return names;
      };
      expect(await rename()).toEqual(['Ann']);
      expect(await rename()).toEqual(['Ann', 'Ann!']);
      expect(await store.portalData('u1')).toMatchObject({ firstName: 'Ann!!' });
    });

    test('where only links were seen before, portal users are read, and links no more (rules 17, 19)', async (context) => {
      const store = open(context);
      const people = store.people();
      await putLinks(people, [linkOf(ann, { due: 1 })]);
      const { links } = await people.read({ links: [ann], userIds: [] });
      await store.putPortal('u1', { email: 'ann@example.com' });
      const view = await people.transact({ links: [ann, bob], userIds: ['u1'], seen: { links } }, (found) => ({
        result: found,
        links: [linkOf(ann, { due: 2 }), linkOf(bob)],
      }));
      expect(committed(view)).toMatchObject({ links, portal: new Map([['u1', { kind: 'user' }]]) });
      expect((await people.links([ann, bob])).size).toBe(2);
    });

    test('a portal user who changed since is not overwritten, also where no link is written (rules 10, 21)', async (context) => {
      const store = open(context);
      const people = store.people();
      await store.putPortal('u1', { email: 'ann@example.com', firstName: 'Ann' });
      const scope = { links: [], userIds: ['u1'] };
      const seen = await people.read(scope);
      await store.putPortal('u1', { email: 'ann@example.com', firstName: 'Anna' });
      const names: (string | undefined)[] = [];
      await people.transact({ ...scope, seen }, (view) => renamed(view, names));
      expect([names, await store.portalData('u1')]).toMatchObject([['Ann', 'Anna'], { firstName: 'Anna!' }]);
    });

    test('a document that is only read may change meanwhile (rule 21)', async (context) => {
      const store = open(context);
      const people = store.people();
      await store.putPortal('u1', { email: 'ann@example.com' });
      const scope = { links: [ann], userIds: ['u1'] };
      const seen = await people.read(scope);
      await store.putPortal('u1', { email: 'ann@example.com', firstName: 'Ann' });
      let tries = 0;
      await people.transact({ ...scope, seen }, () => {
        tries += 1;
        return { result: undefined, links: [linkOf(ann)] };
      });
      expect(tries).toBe(1);
    });

    test('a link that appeared meanwhile is not overwritten', async (context) => {
      const people = open(context).people();
      const seen = await people.read({ links: [ann], userIds: [] });
      await putLinks(people, [linkOf(ann, { due: 1 })]);
      const found: (number | undefined)[] = [];
      await people.transact({ links: [ann], userIds: [], seen }, ({ links }) => {
        const due = links.get(ann)?.link.due;
        found.push(due);
        return { result: undefined, links: [linkOf(ann, { due: (due ?? 10) + 1 })] };
      });
      expect(found).toEqual([undefined, 1]);
      expect((await people.links([ann])).get(ann)?.link.due).toBe(2);
    });
  });
}
