import type { Answers } from '../../../console/api/answers.ts';
import type { Problem } from '../../../console/api/answers/problem.ts';
import type { RunAnswer, RunSummary } from '../../../console/api/answers/runs.ts';
import type { StatusAnswer } from '../../../console/api/answers/status.ts';
import type { Role } from '../../../console/api/roles.ts';
import type { RouteName } from '../../../console/api/routes.ts';
import { type FakePerson, personAnswer, somePeople } from './fake-people.ts';
import { run } from './fake-runs.ts';

export type Body = Readonly<Record<string, unknown>>;
export type FakeAnswers = { readonly [N in RouteName]?: (body: Body, params: readonly string[]) => unknown };

/** What the fake API knows, and what it was asked. */
export class FakeWorld {
  role: Role | undefined = 'admin';
  people: FakePerson[] = somePeople(16);
  runs: RunSummary[] = someRuns();
  stopped: StatusAnswer['stopped'] = null;
  /** Ids of people who are on neither side any more. */
  readonly gone = new Set<string>();
  /** What else is told of a run, by its id. */
  readonly kin = new Map<string, Partial<RunAnswer>>();
  /** What was asked for: routes and bodies, in order. */
  readonly asked: { readonly name: RouteName; readonly body: Body }[] = [];
  /** Answered instead, by route. */
  readonly failing = new Map<RouteName, readonly [status: number, problem: Problem]>();

  reset(): void {
    Object.assign(this, { role: 'admin', people: somePeople(16), runs: someRuns(), stopped: null });
    this.asked.length = 0;
    this.failing.clear();
    this.kin.clear();
    this.gone.clear();
  }

  /** Changes a developer behind the page's back. */
  change(email: string, part: Partial<FakePerson>): void {
    this.people = this.people.map((person) =>
      person.email === email ? { ...person, ...part, version: person.version + 1 } : person,
    );
  }

  person(body: Body): FakePerson | undefined {
    const { id, key } = body['person'] as { readonly id?: string; readonly key?: string };
    return this.people.find((person) => person.id === id || person.email === key);
  }

  done(body: Body, part: Partial<FakePerson>, words: string): Answers['editDeveloper'] | Problem {
    const person = this.person(body);
    if (person === undefined) return problem({ kind: 'not-found', message: 'There is no such person.' });
    this.change(person.email, part);
    const now = this.person(body);
    return { actionId: 'a1', result: 'done', words: [words], person: now === undefined ? null : personAnswer(now) };
  }

  some(): readonly FakePerson[] {
    return this.people.slice(0, 3);
  }

  judge(runId: string, state: 'done' | 'failed'): Answers['approveRun'] {
    this.runs = this.runs.map((one) => (one.runId === runId ? { ...one, state, problem: null } : one));
    return { runId, words: [state === 'done' ? 'The run goes on.' : 'The run was rejected.'] };
  }

  listPage(after: string | undefined): Answers['listDevelopers'] {
    const from = Number(after ?? 0);
    const next = from + 12 < this.people.length ? String(from + 12) : null;
    return { developers: this.people.slice(from, from + 12), next };
  }

  bulk(
    action: 'retry' | 'release' | 'delete',
    ids: readonly string[] = this.some().map(({ id }) => id),
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

function someRuns(): RunSummary[] {
  const problem = 'It would deactivate 3 people; at most 2 may be.';
  const others = Array.from({ length: 11 }, (_, index) => run(index + 1));
  return [run(0, { runId: 'held-1', mode: 'full', state: 'held', problem }), ...others];
}

export function problem(error: Problem['error']): Problem {
  return { error };
}
