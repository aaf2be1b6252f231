import type { Developer } from '../../shared/core/model/profile.ts';
import type { DeveloperSeed } from '../../shared/apigee/in-memory.ts';

/** When everybody of a bench was made and last changed, ms: long before any run. */
export const longAgo = Date.UTC(2025, 0, 1);

const width = 9;

/** Padded, so that the order of ids and emails is that of the numbers. */
function padded(index: number): string {
  return String(index).padStart(width, '0');
}

export const emailOf = (index: number): string => `person-${padded(index)}@example.com`;
export const idOf = (index: number): string => `user-${padded(index)}`;

/** The number in an email or an id of a portal user; undefined where it names nobody of a bench. */
export function indexIn(name: string): number | undefined {
  const [, digits] = /^(?:person|user)-(\d{9})(?:@example\.com)?$/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

export function documentOf(index: number): Readonly<Record<string, unknown>> {
  return {
    email: emailOf(index),
    firstName: `First${padded(index)}`,
    lastName: 'Last',
    userName: emailOf(index),
    status: 'active',
    attributes: { plan: 'gold', company: `Company ${padded(index)}`, phone: '+49 30 1234567' },
    updatedAt: longAgo,
  };
}

export function developerOf(index: number): DeveloperSeed & Pick<Developer, 'developerId'> {
  return {
    email: emailOf(index),
    developerId: `developer-${padded(index)}`,
    userName: emailOf(index),
    firstName: `First${padded(index)}`,
    lastName: 'Last',
    attributes: new Map([
      ['plan', 'gold'],
      ['company', `Company ${padded(index)}`],
      ['phone', '+49 30 1234567'],
    ]),
    createdAt: longAgo,
    lastModifiedAt: longAgo,
  };
}

/** `text` about the first person, said of another one. */
export function saidOf(index: number, text: string): string {
  return text.replaceAll(padded(0), padded(index));
}
