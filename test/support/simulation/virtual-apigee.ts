import { isAbout } from '../../../shared/apigee/answers.ts';
import type { Turn } from '../../../shared/apigee/call-budget.ts';
import type { Answer, ApigeeErrorKind, Developers, ListPage, Operation } from '../../../shared/apigee/developers.ts';
import type { Developer } from '../../../shared/core/model/profile.ts';
import { callsOf } from './call-budget.ts';
import { poison } from './plan.ts';
import type { Process } from './process.ts';
import { checkWrite, noteRead } from './watch-apigee.ts';
import { noteApigeeWrite } from './note-writes.ts';
import { faultsOf, keyOf, type World } from './world.ts';

/**
 * Apigee as one invocation meets it: refusals and silence before or after the effect, calls that land after their caller
 * has given up, listings of short, empty and repeated pages in an order nobody promised.
 */
export function virtualApigee(world: World, process: Process): Developers {
  const { developers, scheduler, random } = world;
  const calls = callsOf(world, process);

  function read<T>(operation: Operation, turn: Turn, effect: () => Promise<Answer<T>>): Promise<Answer<T>> {
    return calls.send(operation, turn, async () => {
      await process.point();
      const error = outage(world, operation) ?? unavailableNow(operation);
      if (error !== undefined) return error;
      const answer = await effect();
      return answer;
    });
  }

  function unavailableNow(operation: Operation): Answer<never> | undefined {
    if (!random.chance(faultsOf(world).unavailable)) return undefined;
    calls.failed();
    return failure('unavailable', operation, false);
  }

  /** The call ends within `callMs`, its answer or its effect may not. */
  function write<T>(operation: Operation, email: string, effect: () => Promise<Answer<T>>): Promise<Answer<T>> {
    const started = scheduler.now();
    return calls.send(operation, 'write', (leftMs) => writeNow(operation, email, effect, started, leftMs));
  }

  async function writeNow<T>(
    operation: Operation,
    email: string,
    effect: () => Promise<Answer<T>>,
    started: number,
    leftMs: number,
  ): Promise<Answer<T>> {
    const land = async (): Promise<Answer<T>> => {
      process.flying.delete(drop);
      const before = byEmail(email);
      const answer = await effect();
      if (!answer.ok) return answer;
      const after = byEmail(email) ?? (operation === 'delete' ? undefined : latest(answer));
      if (before === undefined && after === undefined) return answer;
      world.writer = process;
      checkWrite(world, process, operation, before, after);
      noteApigeeWrite(world, before, after);
      if (operation === 'status' || operation === 'create') world.statusBy.set(keyOf(after) ?? '', 'product');
      world.written += 1;
      world.trace(() => `  ${process.name} ${operation} landed: ${describe(after)}`);
      return answer;
    };
    const drop = (): void => void land();
    process.flying.add(drop);
    await process.point(Math.min(process.timing.callMs / 4, leftMs));
    const error = outage(world, operation) ?? unavailableNow(operation);
    if (error !== undefined) {
      process.flying.delete(drop);
      return over(error);
    }
    if (!random.chance(faultsOf(world).ambiguous)) return land();
    return ambiguous(operation, started, land, drop);
  }

  async function ambiguous<T>(
    operation: Operation,
    started: number,
    land: () => Promise<Answer<T>>,
    drop: () => void,
  ): Promise<Answer<T>> {
    const unknown = failure('unavailable', operation, true);
    switch (random.pick(['never', 'landed', 'over', 'late'])) {
      case 'never':
        process.flying.delete(drop);
        return unknown;
      case 'landed': {
        const answer = await land();
        return answer.ok ? unknown : answer;
      }
      case 'over': {
        // Apigee has answered, and too little to tell what it has done.
        if (random.chance(0.5)) process.flying.delete(drop);
        else await land();
        return over(unknown);
      }
      default: {
        process.flying.delete(drop);
        const left = Math.max(0, started + process.timing.callMs - scheduler.now());
        scheduler.at(random.int(0, left), drop);
        return unknown;
      }
    }
  }

  function refusal(operation: Operation): Promise<Answer<never>> {
    return calls.send(operation, 'write', async (leftMs) => {
      await process.point(Math.min(process.timing.callMs / 4, leftMs));
      return failure('refused', operation, false);
    });
  }

  function byEmail(email: string): Developer | undefined {
    return developers.all().find((developer) => developer.email === email);
  }

  async function list<T>(page: ListPage, each: (developer: Developer) => T): Promise<Answer<readonly T[]>> {
    return read('list', 'waiting', async (): Promise<Answer<readonly T[]>> => {
      const ordered = inListingOrder(world);
      const from = page.startKey === undefined ? 0 : ordered.findIndex(({ email }) => email === page.startKey);
      if (from < 0) return failure('absent', 'list', false);
      const odd = random.chance(faultsOf(world).listing);
      if (odd && random.chance(0.3) && !(page.startKey === undefined && world.deniedAll)) {
        world.deniedAll = page.startKey === undefined;
        return { ok: true, value: [] };
      }
      if (page.startKey === undefined) world.deniedAll = false;
      const length = odd ? 2 : world.settings.page;
      const found = ordered
        .slice(from, from + Math.min(page.count, length))
        .map((developer) => each(odd ? (formerly(world, developer) ?? developer) : developer));
      return { ok: true, value: odd && random.chance(0.5) ? [...found, ...found.slice(-1)] : found };
    });
  }

  return {
    listEmails: (page) => list(page, ({ email }) => email),
    async listDevelopers(page) {
      const listed = await list(page, (developer) => developer);
      if (!listed.ok) return listed;
      return { ok: true, value: { emails: listed.value.map(({ email }) => email), developers: listed.value } };
    },
    get: (email, turn = 'waiting') =>
      read('get', turn, async () => {
        const answer = confused(world, email) ?? (await developers.get(email));
        if (!answer.ok || answer.value === undefined) return answer;
        if (!isAbout(answer.value, email)) return failure('unavailable', 'get', false);
        if (isBehind(world, answer.value)) return { ok: true, value: undefined };
        noteRead(world, process, answer.value);
        return answer;
      }),
    create: (body) =>
      refused(body.attributes) ? refusal('create') : write('create', body.email, () => developers.create(body)),
    update: (email, body) => {
      process.bases.set(email, process.reads.get(email));
      process.reads.delete(email);
      if (refused(body.attributes)) return refusal('update');
      return write('update', email, async () => {
        const answer = await developers.update(email, body);
        if (answer.ok && body.email !== email) process.renamed.set(body.email, email);
        return answer;
      });
    },
    setStatus: (email, status) => write('status', email, () => developers.setStatus(email, status)),
    delete: (email) => write('delete', email, () => developers.delete(email)),
  };
}

/** A failure of a write of which nothing is on its way any more. */
function over(answer: Answer<never>): Answer<never> {
  if (answer.ok || answer.error.kind !== 'unavailable') return answer;
  return { ok: false, error: { ...answer.error, lookAgainAfterMs: 300 } };
}

function latest(answer: Answer<unknown>): Developer | undefined {
  return answer.ok ? (answer.value as Developer | undefined) : undefined;
}

function describe(developer: Developer | undefined): string {
  if (developer === undefined) return 'gone';
  const { email, firstName, lastName, status, attributes } = developer;
  return JSON.stringify({ email, firstName, lastName, status, attributes: Object.fromEntries(attributes) });
}

function refused(attributes: ReadonlyMap<string, string>): boolean {
  return [...attributes.values()].includes(poison);
}

function outage({ outage: now, scheduler, calm }: World, operation: Operation): Answer<never> | undefined {
  if (calm || now === undefined || now.until < scheduler.now()) return undefined;
  return failure(now.what, operation, false);
}

/** A gateway may answer with somebody else. */
function confused(world: World, asked: string): Answer<Developer> | undefined {
  const { random, developers } = world;
  if (!random.chance(faultsOf(world).confused)) return undefined;
  const others = developers.all().filter(({ email }) => email !== asked);
  return others[0] === undefined
    ? undefined
    : { ok: true, value: others[random.int(0, others.length - 1)] ?? others[0] };
}

/** A replica may not know a developer yet who was written a moment ago. */
function isBehind(world: World, developer: Developer): boolean {
  const changed = world.changed.get(keyOf(developer) ?? '') ?? Number.NEGATIVE_INFINITY;
  return changed > world.scheduler.now() - 60_000 && world.random.chance(faultsOf(world).lagging);
}

/** A listing may be a little behind. Two edits within one millisecond nobody can tell apart: then it is not. */
function formerly({ former, scheduler }: World, now: Developer): Developer | undefined {
  const known = former.get(now.email);
  if (known === undefined || known.at <= scheduler.now() - 30_000) return undefined;
  const { developer } = known;
  const isTold = developer.lastModifiedAt < now.lastModifiedAt || profileOf(developer) === profileOf(now);
  return isTold && developer.developerId === now.developerId ? developer : undefined;
}

/** All but the status: Apigee X does not count that as a modification. */
function profileOf({ firstName, lastName, attributes }: Developer): string {
  return JSON.stringify([firstName, lastName, [...attributes].sort()]);
}

/** Stable, and nobody's alphabet: a new developer appears anywhere. */
function inListingOrder({ developers, plan }: World): readonly Developer[] {
  const place = (email: string): number => {
    let hash = plan.schedule;
    for (const character of email) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
    return Math.imul(hash, 2_654_435_761) >>> 0;
  };
  return [...developers.all()].sort((a, b) => place(a.email) - place(b.email));
}

function failure(kind: ApigeeErrorKind, operation: Operation, ambiguous: boolean): Answer<never> {
  const message = `${operation}: simulated ${kind}`;
  return { ok: false, error: { kind, operation, status: undefined, code: undefined, message, ambiguous } };
}
