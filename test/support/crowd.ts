import type { InProcess } from './in-process.ts';

export const emailOf = (index: number): string => `person-${String(index)}@example.com`;
export const idOf = (index: number): string => `user-${String(index)}`;

export function documentOf(index: number): Readonly<Record<string, unknown>> {
  return { email: emailOf(index), firstName: `First${String(index)}`, lastName: 'Last', status: 'active' };
}

/** `count` people on both sides, alike and in step. */
export async function crowd(world: InProcess, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    world.database.putPortalDocument(idOf(index), documentOf(index));
    world.developers.seed({
      email: emailOf(index),
      firstName: `First${String(index)}`,
      lastName: 'Last',
      userName: emailOf(index),
      createdAt: 1,
      lastModifiedAt: 1,
    });
  }
  await world.run();
}

/** Takes the portal users `from` to `to`, exclusive, away. */
export function deleteUsers(world: InProcess, from: number, to: number): void {
  for (let index = from; index < to; index += 1) world.database.deletePortalDocument(idOf(index));
}

export function inactive(world: InProcess): readonly string[] {
  return world.developers
    .all()
    .filter(({ status }) => status === 'inactive')
    .map(({ email }) => email);
}
