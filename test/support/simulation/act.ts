import type { Developer } from '../../../shared/core/model/profile.ts';
import type { StoredDocument } from '../../../shared/state/in-memory/collection.ts';
import { changeEmails } from './change-emails.ts';
import {
  emailOf,
  foreignAttribute,
  isName,
  lookAlikeOf,
  withPortalValue,
  type Document,
  type Field,
  type MappingKind,
} from './fields.ts';
import { operate } from './operate.ts';
import { noteMoved } from './operations.ts';
import type { Post } from './post.ts';
import { poison, type Action, type Spelling } from './plan.ts';
import { createDeveloper, createUser, deleteUser, noteDeletion, putUser } from './put-people.ts';
import { stopFor } from './stopping.ts';
import { noteApigeeWrite, noteWrite } from './note-writes.ts';
import { contentOf } from './watch-acts.ts';
import { developersOf, usersOf, type World } from './world.ts';

type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;

/** Does what somebody does to one of the systems; nothing where there is nobody to do it to. */
export function act(world: World, post: Post, action: Action): void {
  const done = byPeople(world, () => perform(world, post, action));
  if (!done) return;
  if ('person' in action && action.kind !== 'stranger') world.ledger.touched.add(emailOf(action.person));
  world.trace(() => JSON.stringify(action));
}

export function byPeople<T>(world: World, work: () => T): T {
  world.peopleWriting = true;
  const result = work();
  world.peopleWriting = false;
  return result;
}

function perform(world: World, post: Post, action: Action): boolean {
  switch (action.kind) {
    case 'edit':
      return action.side === 'portal'
        ? editUser(world, action.person, (data, mapping) => withPortalValue(data, action.field, action.value, mapping))
        : editDeveloper(world, action.person, withDeveloperValue(action.field, action.value));
    case 'poison':
      return editUser(world, action.person, (data, mapping) => withPortalValue(data, 'tier', poison, mapping));
    case 'touch':
      return editUser(world, action.person, (data) => ({ ...data, unmapped: world.scheduler.now() }));
    case 'status':
      return setStatus(world, action);
    case 'create':
      return create(world, action);
    case 'delete':
      return remove(world, action);
    case 'foreign':
      return editDeveloper(world, action.person, withAttribute(foreignAttribute, action.value));
    case 'rename':
    case 'swap':
    case 'take-over':
      return changeEmails(world, action);
    case 'stranger':
      return addStranger(world, action);
    case 'twin':
      return addTwin(world, action);
    case 'outage':
      world.outage = { what: action.what, until: world.scheduler.now() + action.ms };
      return true;
    case 'stop':
      stopFor(world, post, action.ms);
      return true;
    case 'plan':
    case 'apply':
    case 'undo':
    case 'approve':
    case 'release':
    case 'forget':
    case 'order':
    case 'sync-one':
      return operate(world, post, action);
    case 'run': {
      const { mode, dryRun, scheduled } = action;
      const runId = `run-${String(world.scheduler.now())}`;
      post.publish('requests', { mode, dryRun }, scheduled ? { schedule: 'hourly' } : { runId });
      return true;
    }
  }
}

function editUser(world: World, person: number, change: (data: Document, mapping: MappingKind) => Document): boolean {
  const [user] = usersOf(world, emailOf(person));
  if (user === undefined) return false;
  putUser(world, user.id, change(user.data, world.settings.mapping));
  return true;
}

function editDeveloper(world: World, person: number, change: (developer: Developer) => Developer): boolean {
  const [developer] = developersOf(world, emailOf(person));
  if (developer === undefined) return false;
  world.ledger.operated.add(emailOf(person));
  const after = { ...change(developer), lastModifiedAt: world.clocks.apigee() };
  world.developers.seed(after);
  noteApigeeWrite(world, developer, after);
  // What is as before, or as the product has left it, looks as if the status was set and set back.
  const left = world.operations.left.get(developer.developerId);
  if (isAlike(developer, after) || contentOf(after) === left) world.statusBy.set(emailOf(person), 'people');
  return true;
}

/** But for the status. */
function isAlike(a: Developer, b: Developer): boolean {
  return contentOf({ ...a, status: 'active' }) === contentOf({ ...b, status: 'active' });
}

function withDeveloperValue(field: Field, value: string | undefined): (developer: Developer) => Developer {
  return isName(field) ? (developer) => ({ ...developer, [field]: value }) : withAttribute(field, value);
}

function withAttribute(name: string, value: string | undefined): (developer: Developer) => Developer {
  return (developer) => {
    const attributes = new Map(developer.attributes);
    if (value === undefined) attributes.delete(name);
    else attributes.set(name, value);
    return { ...developer, attributes };
  };
}

function setStatus(world: World, { side, person, value }: ActionOf<'status'>): boolean {
  const email = emailOf(person);
  if (side === 'portal') {
    if (!editUser(world, person, (data) => ({ ...data, status: value }))) return false;
  } else {
    const [developer] = developersOf(world, email);
    if (developer === undefined) return false;
    world.ledger.operated.add(email);
    const lastModifiedAt = world.settings.movesOnStatus ? world.clocks.apigee() : developer.lastModifiedAt;
    world.developers.seed({ ...developer, status: value, lastModifiedAt });
    if (developer.status !== value)
      noteWrite(world, { side, email, field: 'status', before: developer.status, value }, 'people');
    world.statusBy.set(email, 'people');
  }
  world.ledger.status.push({ at: world.scheduler.now(), side, email, value });
  return true;
}

function create(world: World, { side, person, profile, inactive, spelling }: ActionOf<'create'>): boolean {
  const email = emailOf(person);
  const there = side === 'portal' ? usersOf(world, email) : developersOf(world, email);
  if (there.length > 0) return false;
  const at = world.scheduler.now();
  const written = spelt(email, side === 'portal' || world.settings.type === 'edge' ? spelling : 'plain');
  world.ledger.existence.push({ at, kind: 'create', side, email });
  noteMoved(world, email);
  if (side === 'portal') {
    createUser(world, `u${String(person)}-${String(at)}`, written, profile, inactive);
  } else {
    createDeveloper(world, written, profile, inactive);
    world.statusBy.set(email, 'people');
  }
  world.ledger.status.push({ at, side, email, value: inactive ? 'inactive' : 'active' });
  return true;
}

function spelt(email: string, spelling: Spelling): string {
  switch (spelling) {
    case 'plain':
      return email;
    case 'capitals':
      return email.toUpperCase();
    case 'apart':
      return email.normalize('NFD');
  }
}

/** Registers with an email that passes for somebody's; one who does not stay is the next of that kind to go. */
function addStranger(world: World, { person, profile, stays }: ActionOf<'stranger'>): boolean {
  const strangers = world.database.portalDocuments().filter(({ id }) => id.startsWith('stranger'));
  const [first] = strangers;
  if (!stays && first !== undefined) world.database.deletePortalDocument(first.id);
  else createUser(world, `stranger${String(world.scheduler.now())}`, lookAlikeOf(person), profile, false);
  return true;
}

function remove(world: World, { side, person }: ActionOf<'delete'>): boolean {
  const email = emailOf(person);
  if (side === 'portal') {
    const [user]: readonly (StoredDocument | undefined)[] = usersOf(world, email);
    if (user === undefined) return false;
    deleteUser(world, user, email);
    return true;
  }
  const [developer] = developersOf(world, email);
  if (developer === undefined) return false;
  noteDeletion(world, side, email);
  world.developers.remove(developer.email);
  noteApigeeWrite(world, developer, undefined);
  return true;
}

function addTwin(world: World, { person, profile }: ActionOf<'twin'>): boolean {
  const email = emailOf(person);
  if (usersOf(world, email).length === 0) return false;
  world.ledger.tainted.add(email);
  createUser(world, `twin${String(person)}-${String(world.scheduler.now())}`, email, profile, false);
  return true;
}
