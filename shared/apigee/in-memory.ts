import { randomUUID } from 'node:crypto';
import { maxAttributes as documentedMaxAttributes } from '../core/model/limits.ts';
import { nothingElse, type Developer } from '../core/model/profile.ts';
import { attributesIn, entriesOf, unsaidBy } from './attribute-entries.ts';
import type { ApigeeType } from './connection.ts';
import type {
  Answer,
  ApigeeCalls,
  ApigeeErrorKind,
  DeveloperBody,
  Developers,
  ListedDevelopers,
  ListPage,
  Operation,
} from './developers.ts';
import { canBeNamed, renameRefused, unusableEmail } from './refusals.ts';

export interface InMemoryOptions {
  readonly type: ApigeeType;
  /** Apigee's clock, ms since the epoch. */
  readonly now: () => number;
  /** Attributes per developer; default: 18. */
  readonly maxAttributes?: number;
  /** Whether a status call moves `lastModifiedAt`; default: on Edge, as is known. What X does is not documented. */
  readonly movesOnStatus?: boolean;
}

/** A developer to begin with: the email, and everything that differs from a newly created developer. */
export type DeveloperSeed = Pick<Developer, 'email'> & Partial<Developer>;

/** `Developers` in memory, with methods by which a test or a simulation acts as others would in Apigee. */
export interface InMemoryDevelopers extends Developers {
  /** All developers, in listing order. */
  all(): readonly Developer[];
  /** Adds developers, or replaces those with the same email. Nothing is checked or counted. */
  seed(...developers: readonly DeveloperSeed[]): void;
  /** Removes a developer. Not counted. */
  remove(email: string): void;
  /** How many calls were made so far. */
  readonly calls: Readonly<ApigeeCalls>;
}

/** Apigee never lists more at once. */
const longestPage = 1000;

export function createInMemoryDevelopers({
  type,
  now,
  maxAttributes = documentedMaxAttributes,
  movesOnStatus = type === 'edge',
}: InMemoryOptions): InMemoryDevelopers {
  /** By exact email, in listing order: on Edge emails that differ in case are two developers. */
  let byEmail = new Map<string, Developer>();
  const calls: ApigeeCalls = { list: 0, get: 0, create: 0, update: 0, status: 0, delete: 0 };

  /** Lets other tasks run before the call takes effect, as a call over a network does. */
  async function answer<T>(operation: Operation, effect: () => Answer<T>): Promise<Answer<T>> {
    calls[operation] += 1;
    await Promise.resolve();
    return effect();
  }

  async function answerFor<T>(email: string, operation: Operation, effect: () => Answer<T>): Promise<Answer<T>> {
    return canBeNamed(email) ? answer(operation, effect) : unusableEmail(operation);
  }

  function page<T>({ startKey, count }: ListPage, each: (developer: Developer) => T): Answer<readonly T[]> {
    const everyone = [...byEmail.values()];
    const from = startKey === undefined ? 0 : everyone.findIndex(({ email }) => email === startKey);
    if (from < 0) return absent('list');
    return { ok: true, value: everyone.slice(from, from + Math.min(count, longestPage)).map(each) };
  }

  function listed(answer: Answer<readonly Developer[]>): Answer<ListedDevelopers> {
    const named = (developers: readonly Developer[]) => developers.map(({ email }) => email);
    return answer.ok ? { ok: true, value: { emails: named(answer.value), developers: answer.value } } : answer;
  }

  function problemOf(operation: Operation, body: DeveloperBody): Answer<never> | undefined {
    if ([body.email, body.firstName, body.lastName, body.userName].some((text) => text.trim() === '')) {
      return failure(
        operation,
        'refused',
        400,
        undefined,
        'an email, a user name, a first and a last name are required',
      );
    }
    if (type !== 'edge' && body.email !== body.email.toLowerCase()) {
      return failure(operation, 'refused', 400, undefined, 'email address has to be lowercase');
    }
    if (body.attributes.size > maxAttributes) {
      return failure(operation, 'refused', 400, undefined, `more than ${String(maxAttributes)} attributes`);
    }
    return undefined;
  }

  function absent(operation: Operation, code = 'DeveloperIdDoesNotExist'): Answer<never> {
    return failure(operation, 'absent', 404, `developer.service.${code}`, 'there is no such developer');
  }

  function taken(operation: Operation): Answer<never> {
    const code = 'developer.service.DeveloperAlreadyExists';
    return failure(operation, 'conflict', 409, code, 'there is a developer with this email');
  }

  function create(body: DeveloperBody): Answer<Developer> {
    const problem = problemOf('create', body);
    if (problem !== undefined) return problem;
    if (byEmail.has(body.email)) return taken('create');
    const at = now();
    const developer = {
      ...contentOf(body),
      developerId: randomUUID(),
      status: 'active',
      createdAt: at,
      lastModifiedAt: at,
    };
    byEmail.set(body.email, developer);
    return { ok: true, value: developer };
  }

  function update(email: string, body: DeveloperBody): Answer<Developer> {
    if (type !== 'edge' && body.email !== email) return renameRefused();
    const known = byEmail.get(email);
    if (known === undefined) return absent('update', 'DeveloperDoesNotExist');
    const problem = problemOf('update', body);
    if (problem !== undefined) return problem;
    if (body.email !== email && byEmail.has(body.email)) return taken('update');
    const developer = { ...known, ...contentOf(body), lastModifiedAt: now() };
    replace(email, developer);
    return { ok: true, value: developer };
  }

  /** The developer keeps its place in the listing, also under another email. */
  function replace(email: string, developer: Developer): void {
    if (email === developer.email) byEmail.set(email, developer);
    else byEmail = new Map([...byEmail].map((entry) => (entry[0] === email ? [developer.email, developer] : entry)));
  }

  /** An email is no developerId: only what is none is looked for among all. */
  function byId(id: string): Developer | undefined {
    return id.includes('@') ? undefined : [...byEmail.values()].find(({ developerId }) => developerId === id);
  }

  return {
    calls,
    listEmails: (wanted) => answer('list', () => page(wanted, ({ email }) => email)),
    listDevelopers: (wanted) => answer('list', () => listed(page(wanted, (developer) => developer))),
    get: (email) => answerFor(email, 'get', () => ({ ok: true, value: byEmail.get(email) ?? byId(email) })),
    create: (body) => answer('create', () => create(body)),
    update: (email, body) => answerFor(email, 'update', () => update(email, body)),
    setStatus: (email, status) =>
      answerFor(email, 'status', () => {
        const known = byEmail.get(email);
        if (known === undefined) return absent('status');
        const lastModifiedAt = movesOnStatus ? now() : known.lastModifiedAt;
        byEmail.set(email, { ...known, status, lastModifiedAt });
        return done;
      }),
    delete: (email) =>
      answerFor(email, 'delete', () => {
        byEmail.delete(email);
        return done;
      }),

    all: () => [...byEmail.values()],
    seed(...developers) {
      for (const developer of developers)
        byEmail.set(developer.email, seeded(developer, byEmail.get(developer.email), now()));
    },
    remove: (email) => void byEmail.delete(email),
  };
}

const done: Answer<void> = { ok: true, value: undefined };

/** Everything that a body says, and nothing else of what there was. */
function contentOf(body: DeveloperBody) {
  const { email, userName, firstName, lastName, others } = body;
  const entries = entriesOf(body.attributes, others.entries);
  const attributes = attributesIn(entries);
  const kept = { members: others.members, entries: unsaidBy(attributes, entries) };
  return { email, userName, firstName, lastName, attributes, others: kept };
}

function seeded(seed: DeveloperSeed, known: Developer | undefined, at: number): Developer {
  const createdAt = seed.createdAt ?? at;
  return {
    developerId: known?.developerId ?? randomUUID(),
    userName: seed.email,
    firstName: 'First',
    lastName: 'Last',
    status: 'active',
    lastModifiedAt: createdAt,
    others: nothingElse,
    ...seed,
    createdAt,
    attributes: new Map(seed.attributes),
  };
}

function failure(
  operation: Operation,
  kind: ApigeeErrorKind,
  status: number,
  code: string | undefined,
  problem: string,
): Answer<never> {
  const message = `${operation}: HTTP ${String(status)}: ${problem}`;
  return { ok: false, error: { kind, operation, status, code, message, ambiguous: false } };
}
