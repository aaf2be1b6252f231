import type { StoredDocument } from '../../../shared/state/in-memory/collection.ts';
import { emailOf } from './fields.ts';
import { noteMoved } from './operations.ts';
import type { Action } from './plan.ts';
import { deleteUser, putUser } from './put-people.ts';
import { usersOf, type World } from './world.ts';

type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;

/** Portal users get other emails, their own or one another's; nothing where there is nobody, or nothing would change. */
export function changeEmails(world: World, action: ActionOf<'rename' | 'swap' | 'take-over'>): boolean {
  const { person, to } = action;
  const [user] = usersOf(world, emailOf(person));
  const [other] = usersOf(world, emailOf(to));
  if (user === undefined || person === to) return false;
  switch (action.kind) {
    case 'rename':
      give(world, user, to);
      break;
    case 'swap':
      if (other === undefined) return false;
      give(world, user, to);
      give(world, other, person);
      break;
    case 'take-over': {
      if (other === undefined) return false;
      const steps = [() => give(world, user, to), () => leave(world, other, action)];
      for (const step of action.isFreed ? steps.toReversed() : steps) step();
      break;
    }
  }
  handOn(world, person);
  handOn(world, to);
  return true;
}

function give(world: World, { id, data }: StoredDocument, to: number): void {
  putUser(world, id, { ...data, email: emailOf(to) });
}

/** What becomes of the user whose email somebody else takes. */
function leave(world: World, user: StoredDocument, { former, to, next }: ActionOf<'take-over'>): void {
  switch (former) {
    case 'deleted':
      deleteUser(world, user, emailOf(to));
      break;
    case 'unreadable':
      putUser(world, user.id, { ...user.data, attributes: 'none' });
      break;
    case 'renamed':
      handOn(world, next);
      give(world, user, next);
      break;
  }
}

function handOn(world: World, person: number): void {
  const email = emailOf(person);
  world.ledger.tainted.add(email);
  world.operations.handedOn.add(email);
  noteMoved(world, email);
}
