import { isAbout, isSameEmail } from './answers.ts';
import type { Developer } from '../core/model/profile.ts';
import { aboutAnother, type ApigeeConnection, type ApigeeCall, type OnCall } from './connection.ts';
import type { Answer, DeveloperBody, Developers, ListPage, Operation } from './developers.ts';
import { canBeNamed, renameRefused, unusableEmail } from './refusals.ts';
import {
  readAnsweredEmail,
  readDeveloper,
  readEmails,
  readListedDevelopers,
  readNothing,
  writeDeveloper,
} from './wire.ts';

/** Without a charset, because X refuses the type with one. */
const json = 'application/json';

/**
 * `Developers` over a connection. It is cheap: each invocation makes its own, with its own `onCall`, over one
 * connection.
 */
export function developersOf(connection: ApigeeConnection, onCall?: OnCall): Developers {
  const call = <T>(it: ApigeeCall<T>) => connection.call(it, onCall);

  return {
    listEmails: (page) => call({ ...listing(page, false), read: readEmails }),
    listDevelopers: (page) => call({ ...listing(page, true), read: readListedDevelopers }),

    async get(email, turn = 'waiting') {
      if (!canBeNamed(email)) return unusableEmail('get');
      const answer = await call({
        ...named('get', email),
        turn,
        method: 'GET',
        path: pathOf(email),
        read: developerFor(email),
      });
      return !answer.ok && answer.error.kind === 'absent' ? { ok: true, value: undefined } : answer;
    },

    create: (developer) =>
      call({
        operation: 'create',
        method: 'POST',
        path: '/developers',
        contentType: json,
        body: writeDeveloper(developer),
        personal: personalOf(developer),
        turn: 'write',
        mayBeAbsent: false,
        read: developerFor(developer.email),
      }),

    async update(email, developer) {
      if (!canBeNamed(email)) return unusableEmail('update');
      if (connection.type !== 'edge' && developer.email !== email) return renameRefused();
      return call({
        ...named('update', email),
        method: 'PUT',
        path: pathOf(email),
        contentType: json,
        body: writeDeveloper(developer),
        personal: [email, ...personalOf(developer)],
        read: developerFor(developer.email),
      });
    },

    async setStatus(email, status) {
      if (!canBeNamed(email)) return unusableEmail('status');
      const answer = await call({
        ...named('status', email),
        method: 'POST',
        path: `${pathOf(email)}?action=${status}`,
        contentType: 'application/octet-stream',
        read: nothingFor(email),
      });
      return answer.ok ? done : answer;
    },

    async delete(email) {
      if (!canBeNamed(email)) return unusableEmail('delete');
      const answer = await call({
        ...named('delete', email),
        method: 'DELETE',
        path: pathOf(email),
        read: nothingFor(email),
      });
      return answer.ok || answer.error.kind === 'absent' ? done : answer;
    },
  };
}

const done: Answer<void> = { ok: true, value: undefined };

/** Reads a developer who was asked for by email or developerId. An answer about anybody else is not believed (rule 25). */
function developerFor(asked: string): ApigeeCall<Developer>['read'] {
  return (body) => {
    const developer = readDeveloper(body);
    return developer === undefined || isAbout(developer, asked) ? developer : aboutAnother;
  };
}

/** Reads the answer to a call that Apigee may answer with the developer, or with nothing. */
function nothingFor(asked: string): ApigeeCall<true>['read'] {
  return (body, status) => {
    const email = readAnsweredEmail(body);
    return email === undefined || isSameEmail(email, asked) ? readNothing(body, status) : aboutAnother;
  };
}

function pathOf(email: string): string {
  return `/developers/${encodeURIComponent(email)}`;
}

function named(operation: Operation, email: string) {
  return { operation, personal: [email], turn: 'write', mayBeAbsent: true } as const;
}

function listing({ startKey, count }: ListPage, expand: boolean) {
  const query = new URLSearchParams({ count: String(count) });
  if (expand) query.set('expand', 'true');
  if (startKey !== undefined) query.set('startKey', startKey);
  return {
    operation: 'list',
    method: 'GET',
    path: `/developers?${query.toString()}`,
    personal: startKey === undefined ? [] : [startKey],
    turn: 'waiting',
    mayBeAbsent: startKey !== undefined,
  } as const;
}

function personalOf({ email, firstName, lastName, userName, attributes, others }: DeveloperBody): readonly string[] {
  return [email, firstName, lastName, userName, ...attributes.values(), ...textsIn(others)];
}

/** Every text within a value. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
