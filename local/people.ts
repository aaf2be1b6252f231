import type { DeveloperSeed } from './apigee-emulator/server.ts';
import type { PortalData } from './portal-documents.ts';

const day = 86_400_000;
/** Every twentieth person (5 %) differs between the sides, in five ways in turn. */
const every = 20;
const ways = 5;

export interface Generated {
  readonly developers: Iterable<DeveloperSeed>;
  readonly users: Iterable<readonly [id: string, data: PortalData]>;
}

/**
 * `count` people who were never synchronised. Most are the same on both sides. Of the others there are five kinds, each
 * one in a hundred: only in Apigee, only on the portal, with a newer name in Apigee, with a newer name on the portal,
 * with one attribute more on the portal.
 */
export function generatePeople(count: number, now: number): Generated {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return {
    developers: numbers.filter((index) => wayOf(index) !== 'portal-only').map((index) => developer(index, now)),
    users: numbers.filter((index) => wayOf(index) !== 'apigee-only').map((index) => user(index, now)),
  };
}

type Way = 'same' | 'apigee-only' | 'portal-only' | 'apigee-newer' | 'portal-newer' | 'attribute-more';
const differing: readonly Way[] = ['apigee-only', 'portal-only', 'apigee-newer', 'portal-newer', 'attribute-more'];

function wayOf(index: number): Way {
  return index % every === 0 ? (differing[(index / every) % ways] ?? 'same') : 'same';
}

function developer(index: number, now: number): DeveloperSeed {
  const createdAt = now - 2 * day;
  const newer = wayOf(index) === 'apigee-newer';
  return {
    ...names(index),
    ...(newer ? { firstName: 'Newer', lastModifiedAt: now - day / 2 } : {}),
    attributes: attributes(index),
    createdAt,
  };
}

function user(index: number, now: number): readonly [id: string, data: PortalData] {
  const way = wayOf(index);
  const data = {
    ...names(index),
    ...(way === 'portal-newer' ? { firstName: 'Newer' } : {}),
    status: 'active',
    attributes: { ...attributes(index), ...(way === 'attribute-more' ? { plan: 'gold' } : {}) },
    updatedAt: new Date(now - day),
  };
  return [`user-${String(index).padStart(7, '0')}`, data];
}

function names(index: number) {
  const number = String(index).padStart(7, '0');
  return { email: `person-${number}@example.com`, firstName: `First${number}`, lastName: `Last${number}` };
}

function attributes(index: number): Readonly<Record<string, string>> {
  return { team: `team-${String(index % 50)}`, region: index % 2 === 0 ? 'eu' : 'us' };
}
