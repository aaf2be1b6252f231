import type { StoredDocument } from '../../../shared/state/in-memory/collection.ts';
import { fields, unknownMember, withPortalValue, type Document, type Side } from './fields.ts';
import { noteMoved } from './operations.ts';
import type { Profile } from './plan.ts';
import { noteApigeeWrite } from './note-writes.ts';
import { type World } from './world.ts';

export function putUser(world: World, id: string, data: Document): void {
  const { mapping } = world.settings;
  const updatedAt = mapping === 'document-time' ? {} : { updatedAt: new Date(world.clocks.portal()) };
  world.database.putPortalDocument(id, { ...data, ...updatedAt });
}

export function createUser(world: World, id: string, email: string, profile: Profile, inactive: boolean): void {
  let data: Document = { email, status: inactive ? 'inactive' : 'active', attributes: {}, unmapped: 'kept' };
  for (const field of fields) data = withPortalValue(data, field, profile[field], world.settings.mapping);
  putUser(world, id, data);
}

export function createDeveloper(world: World, email: string, profile: Profile, inactive: boolean): void {
  const { firstName, lastName, ...attributes } = profile;
  const at = world.clocks.apigee();
  world.developers.seed({
    email,
    firstName,
    lastName,
    status: inactive ? 'inactive' : 'active',
    attributes: new Map(Object.entries(attributes)),
    createdAt: at,
    lastModifiedAt: at,
    others: { members: { [unknownMember]: 'kept' }, entries: [] },
  });
  noteApigeeWrite(
    world,
    undefined,
    world.developers.all().find((developer) => developer.email === email),
  );
}

export function deleteUser(world: World, { id }: StoredDocument, email: string): void {
  noteDeletion(world, 'portal', email);
  world.database.deletePortalDocument(id);
}

export function noteDeletion(world: World, side: Side, email: string): void {
  const { ledger, scheduler, everDeleted } = world;
  noteMoved(world, email);
  ledger.existence.push({ at: scheduler.now(), kind: 'delete', side, email });
  everDeleted[side].add(email);
}
