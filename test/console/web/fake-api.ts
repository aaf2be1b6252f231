import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Answers } from '../../../console/api/answers.ts';
import type { Problem } from '../../../console/api/answers/problem.ts';
import type { RunSummary } from '../../../console/api/answers/runs.ts';
import { mayAct, type Role } from '../../../console/api/roles.ts';
import { type Route, type RouteName, routes } from '../../../console/api/routes.ts';
import { appAnswer, type FakePerson, personAnswer, somePeople } from './fake-people.ts';
import { gate, groups, run, runAnswer, runPerson, statusAnswer } from './fake-runs.ts';

const policy = [
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'",
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

type Body = Readonly<Record<string, unknown>>;
type Answer = { readonly [N in RouteName]?: (body: Body, params: readonly string[]) => unknown };

/** A small API in memory that answers as the console's server does, for the page's own tests. */
export class FakeApi {
  role: Role | undefined = 'admin';
  people: FakePerson[] = somePeople(16);
  runs: RunSummary[] = [
    run(0, {
      runId: 'held-1',
      mode: 'full',
      state: 'held',
      problem: 'It would deactivate 3 people; at most 2 may be.',
    }),
    ...Array.from({ length: 11 }, (_, index) => run(index + 1)),
  ];
  /** What was asked for: routes and bodies, in order. */
  readonly asked: { readonly name: RouteName; readonly body: Body }[] = [];
  /** Answered instead, by route. */
  readonly failing = new Map<RouteName, readonly [status: number, problem: Problem]>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #page: string;

  constructor(page: string) {
    this.#page = page;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  reset(): void {
    Object.assign(this, { role: 'admin', people: somePeople(16) });
    this.asked.length = 0;
    this.failing.clear();
    this.runs = [
      run(0, {
        runId: 'held-1',
        mode: 'full',
        state: 'held',
        problem: 'It would deactivate 3 people; at most 2 may be.',
      }),
      ...Array.from({ length: 11 }, (_, index) => run(index + 1)),
    ];
  }

  /** Changes a developer behind the page's back. */
  change(email: string, part: Partial<FakePerson>): void {
    this.people = this.people.map((person) =>
      person.email === email ? { ...person, ...part, version: person.version + 1 } : person,
    );
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('Content-Security-Policy', policy);
    if (!pathname.startsWith('/api/')) return this.#file(pathname, response);
    const found = (Object.entries(routes) as readonly [RouteName, Route][]).flatMap(([name, route]) => {
      const pattern = new RegExp(`^${route.path.replaceAll(/:\w+/g, '([^/]+)')}$`);
      const match = route.method === request.method ? pattern.exec(pathname) : null;
      return match === null ? [] : [{ name, route, params: match.slice(1).map(decodeURIComponent) }];
    })[0];
    if (found === undefined) return json(response, 404, problem({ kind: 'not-found', message: 'No such route' }));
    const { name, route, params } = found;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = (chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString())) as Body;
    this.asked.push({ name, body });
    if (this.role === undefined) return json(response, 401, problem({ kind: 'signed-out', message: 'Sign in.' }));
    if (route.role !== 'none' && !mayAct(this.role, route.role))
      return json(response, 403, problem({ kind: 'not-allowed', message: 'No', needs: route.role, role: this.role }));
    const failing = this.failing.get(name);
    if (failing !== undefined) return json(response, ...failing);
    const answer = await this.#answers[name]?.(body, params);
    if (isProblem(answer)) return json(response, answer.error.kind === 'conflict' ? 409 : 404, answer);
    if (route.answer === 'stream')
      return void response.end((answer as unknown[]).map((l) => JSON.stringify(l)).join('\n'));
    if (route.answer === 'download') {
      response.setHeader('Content-Disposition', 'attachment; filename="developers.csv"');
      return void response.end(answer);
    }
    const text = JSON.stringify(answer);
    const etag = `"${createHash('sha256').update(text).digest('hex')}"`;
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
    response.setHeader('ETag', etag);
    return json(response, 200, answer);
  }

  async #file(pathname: string, response: ServerResponse): Promise<void> {
    const path = extname(pathname) === '' ? '/index.html' : pathname;
    response.setHeader('Content-Type', types[extname(path)] ?? 'application/octet-stream');
    response.end(await readFile(join(this.#page, path)));
  }

  #person(body: Body): FakePerson | undefined {
    const { id, key } = body['person'] as { readonly id?: string; readonly key?: string };
    return this.people.find((person) => person.id === id || person.email === key);
  }

  #done(body: Body, part: Partial<FakePerson>, words: string): Answers['editDeveloper'] | Problem {
    const person = this.#person(body);
    if (person === undefined) return problem({ kind: 'not-found', message: 'There is no such person.' });
    this.change(person.email, part);
    const now = this.#person(body);
    return { actionId: 'a1', result: 'done', words: [words], person: now === undefined ? null : personAnswer(now) };
  }

  readonly #answers: Answer = {
    session: () =>
      ({
        operator: { email: 'olga@example.com', name: 'olga@example.com' },
        role: this.role ?? 'viewer',
        version: '0.1.0',
        settings: {
          org: 'demo',
          apigeeType: 'x',
          project: 'demo-developer-sync',
          database: '(default)',
          portalCollection: 'portalUsers',
          statePrefix: 'developerSync',
          filter: null,
          destructiveLimit: 50,
          destructiveLimitPercent: 5,
          portalDeletePolicy: 'deactivate',
          apigeeDeletePolicy: 'recreate',
          conflictPolicy: 'merge',
        },
        limits: { attributes: 18 },
        offers: { editDevelopers: true, schedule: true, deadLetters: true },
        now: 0,
      }) satisfies Answers['session'],
    status: () => statusAnswer(this.runs.some(({ state }) => state === 'held')),
    runs: () => ({ runs: this.runs, next: null }) satisfies Answers['runs'],
    run: (_, [runId]) => {
      const one = this.runs.find((other) => other.runId === runId);
      return one === undefined ? problem({ kind: 'not-found', message: 'There is no such run.' }) : runAnswer(one);
    },
    requestRun: (body) => {
      const { mode, dryRun, reason } = body as { mode: 'full'; dryRun: boolean; reason: string };
      const runId = `asked-${String(this.runs.length)}`;
      this.runs = [
        run(0, {
          runId,
          mode,
          dryRun,
          reason,
          by: 'olga@example.com',
          state: 'running',
          counts: null,
          finishedAt: null,
          requestedAt: Date.now(),
        }),
        ...this.runs,
      ];
      return { runId, joined: false } satisfies Answers['requestRun'];
    },
    runPeople: () =>
      ({
        people: this.#some().map((one, index) =>
          runPerson(
            one,
            index === 2 ? 'failed' : 'updated-apigee',
            index === 2 ? 'failed' : 'updated in Apigee',
            'only the portal user changed since both were last in step',
          ),
        ),
        total: 3,
        next: null,
      }) satisfies Answers['runPeople'],
    plannedPeople: (_, [runId]) =>
      ({
        runId: runId ?? '',
        people: this.#some().map((one) => runPerson(one, 'updated-apigee', 'made inactive', 'the portal user is gone')),
      }) satisfies Answers['plannedPeople'],
    approveRun: (_, [runId]) => this.#judge(runId ?? '', 'done'),
    rejectRun: (_, [runId]) => this.#judge(runId ?? '', 'failed'),
    schedule: () =>
      ({
        jobs: [
          {
            name: 'incremental',
            mode: 'incremental',
            state: 'enabled',
            schedule: '*/15 * * * *',
            timeZone: 'UTC',
            next: Date.now() + 400_000,
            lastAttempt: Date.now() - 500_000,
            words: 'every 15 minutes (UTC), next in 6 min',
          },
          {
            name: 'full',
            mode: 'full',
            state: 'paused',
            schedule: '0 3 * * *',
            timeZone: 'UTC',
            next: null,
            lastAttempt: null,
            words: 'at 03:00 (UTC), paused since yesterday by olga@example.com',
          },
        ],
        problem: null,
      }) satisfies Answers['schedule'],
    attention: () => ({ groups, people: 7, exact: true }) satisfies Answers['attention'],
    attentionGroup: (_, [id]) => {
      const group = groups.find((one) => one.group === id);
      if (group === undefined) return problem({ kind: 'not-found', message: 'Nobody is left.' });
      return {
        group,
        people: this.#some().map(({ id: personId, email }) => ({
          id: personId,
          key: email,
          since: group.since,
          attempts: 1,
          nextTry: null,
          nextTryWords: group.nextTryWords,
        })),
      } satisfies Answers['attentionGroup'];
    },
    retryGroup: () => this.#bulk('retry'),
    releaseGroup: () => this.#bulk('release'),
    bulkDevelopers: (body) => this.#bulk(body['action'] as 'delete', body['people'] as readonly string[]),
    holds: () =>
      ({
        runs: this.runs
          .filter(({ state }) => state === 'held')
          .map((one) => ({ run: one, heldAt: Date.now() - 3_600_000, judge: 'approve', supersededBy: null, gate })),
      }) satisfies Answers['holds'],
    explain: (body) => {
      const person = this.#person(body);
      if (person === undefined)
        return problem({ kind: 'not-found', message: 'Nobody has this email, on either side.' });
      const step = (name: 'found', title: string, words: string) =>
        ({ step: name, title, state: 'passed', words: [words] }) as const;
      return {
        id: person.id,
        key: person.email,
        now: 0,
        steps: [
          step('found', 'Found', 'A portal user and a developer have this email.'),
          { ...step('found', 'In scope', 'PORTAL_FILTER is not set: everyone is.'), step: 'in-scope' },
          { ...step('found', 'Decision', 'Nothing changed on either side.'), step: 'decision' },
          { ...step('found', 'Writes', 'None.'), step: 'writes' },
        ],
        writes: [],
        outcome: 'unchanged',
        person: personAnswer(person),
      } satisfies Answers['explain'];
    },
    person: (body) => {
      const person = this.#person(body);
      return person === undefined
        ? problem({ kind: 'not-found', message: 'There is no such person.' })
        : personAnswer(person);
    },
    apps: (body) => ({ apps: this.#person(body)?.apps.map(appAnswer) ?? [] }) satisfies Answers['apps'],
    syncPerson: (body) => this.#done(body, {}, 'Nothing was to be done: nothing changed on either side.'),
    activateDeveloper: (body) => this.#done(body, { status: 'active' }, 'Activated on both sides.'),
    deactivateDeveloper: (body) => this.#done(body, { status: 'inactive' }, 'Deactivated on both sides.'),
    deleteDeveloper: (body) => {
      const person = this.#person(body);
      this.people = this.people.filter((other) => other !== person);
      return { actionId: 'a', result: 'done', words: ['Deleted.'], person: null } satisfies Answers['deleteDeveloper'];
    },
    editDeveloper: (body) => {
      const person = this.#person(body);
      if (person === undefined) return problem({ kind: 'not-found', message: 'There is no such person.' });
      const changes = body['changes'] as readonly { field: string; value: string }[];
      const wanted = new Map(changes.map(({ field, value }) => [field, value]));
      if (body['seen'] !== `v${String(person.version)}`)
        return problem({
          kind: 'conflict',
          message: 'Changed meanwhile.',
          diff: [{ field: 'lastName', side: 'apigee', now: person.lastName, edit: wanted.get('lastName') ?? null }],
          now: personAnswer(person),
        });
      return this.#done(
        body,
        { lastName: wanted.get('lastName') ?? person.lastName },
        'Saved on the portal, and pushed.',
      );
    },
    createDeveloper: (body) => {
      const { email, firstName, lastName } = body as { email: string; firstName: string; lastName: string };
      const [one] = somePeople(1);
      if (one === undefined) throw new Error('nobody');
      this.people = [{ ...one, id: 'new', email, firstName, lastName }, ...this.people];
      return this.#done({ person: { id: 'new' } }, {}, 'Added in Apigee and on the portal.');
    },
    listDevelopers: (body) => this.#listPage(body['after'] as string | undefined),
    searchDevelopers: (body) =>
      ({
        kind: 'prefix',
        developers: this.people.filter(({ email }) => email.startsWith(String(body['query']))),
        others: [],
        next: null,
      }) satisfies Answers['searchDevelopers'],
    scanDevelopers: (body) => {
      const { query = '', status } = body['filter'] as { query?: string; status?: string };
      const found = this.people.filter(
        (one) =>
          (status === undefined || one.status === status) &&
          `${one.email} ${one.firstName ?? ''} ${one.lastName ?? ''} plan=${one.attributes[0]?.value ?? ''}`
            .toLowerCase()
            .includes(query.toLowerCase()),
      );
      return [
        ...found.map((developer) => ({ kind: 'developer', developer })),
        { kind: 'over', looked: this.people.length, found: found.length, complete: true, next: null, problem: null },
      ];
    },
    exportDevelopers: () => 'email\r\nann@example.com\r\n',
    exportRun: () => 'email\r\nann@example.com\r\n',
    lookAtDeadLetters: () =>
      ({
        topics: [{ topic: 'requests', replayed: 0, rejected: 0, more: false, problem: null }],
      }) satisfies Answers['lookAtDeadLetters'],
    activity: () =>
      ({
        entries: [
          {
            id: 'e1',
            at: Date.now() - 4_000_000,
            kind: 'operator',
            by: 'olga@example.com',
            role: 'admin',
            words: 'Deactivated a developer',
            reason: 'left the company',
            state: 'done',
            outcome: 'updated in Apigee',
            person: { id: 'p3', key: this.people[3]?.email ?? '' },
            runId: null,
            fields: ['status'],
          },
          {
            id: 'e2',
            at: Date.now() - 9_000_000,
            kind: 'run',
            by: 'schedule',
            role: null,
            words: 'A full run: 1,240 people, 6 changed',
            reason: 'nightly',
            state: 'held',
            outcome: null,
            person: null,
            runId: 'held-1',
            fields: [],
          },
        ],
        next: null,
      }) satisfies Answers['activity'],
  };

  #some(): readonly FakePerson[] {
    return this.people.slice(0, 3);
  }

  #judge(runId: string, state: 'done' | 'failed'): Answers['approveRun'] {
    this.runs = this.runs.map((one) => (one.runId === runId ? { ...one, state, problem: null } : one));
    return { runId, words: [state === 'done' ? 'The run goes on.' : 'The run was rejected.'] };
  }

  #listPage(after: string | undefined): Answers['listDevelopers'] {
    const from = Number(after ?? 0);
    const next = from + 12 < this.people.length ? String(from + 12) : null;
    return { developers: this.people.slice(from, from + 12), next };
  }

  #bulk(
    action: 'retry' | 'release' | 'delete',
    ids: readonly string[] = this.#some().map(({ id }) => id),
  ): readonly Answers['bulkDevelopers'][] {
    const chosen = this.people.filter(({ id }) => ids.includes(id));
    if (action === 'delete') this.people = this.people.filter(({ id }) => !ids.includes(id));
    return [
      { kind: 'begun', actionId: 'a', action, people: chosen.length },
      ...chosen.map(
        ({ id, email }, index) =>
          ({ kind: 'person', id, key: email, done: index + 1, result: 'done', words: 'Done.' }) as const,
      ),
      {
        kind: 'over',
        done: chosen.length,
        changed: chosen.length,
        held: 0,
        failed: 0,
        left: 0,
        words: `${String(chosen.length)} changed.`,
      },
    ];
  }
}

function problem(error: Problem['error']): Problem {
  return { error };
}

function isProblem(answer: unknown): answer is Problem {
  return typeof answer === 'object' && answer !== null && 'error' in answer;
}

function json(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(answer));
}
