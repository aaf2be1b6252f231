import { newActionId } from '../../../shared/operator/actions/request-run.ts';
import { resumeWrites, stopWrites } from '../../../shared/operator/actions/stop.ts';
import { rejectRun } from '../../../shared/run/lifecycle/reject-run.ts';
import type { LogEntry } from '../../../shared/log/log.ts';
import { batchAllowance } from '../../../shared/wiring/allowances.ts';
import { outageEntry } from '../../../shared/wiring/connect-apigee.ts';
import { handleFanOut, handlePortalEdit, handleReconcileBatch } from '../../../shared/wiring/handlers.ts';
import { mostWaiting } from '../../../shared/wiring/hand-over.ts';
import { handlePullEdit } from '../../../shared/wiring/pull-handler.ts';
import { openSession } from '../../../shared/wiring/services.ts';
import { crowd, deleteUsers, documentOf, emailOf, idOf } from '../../support/crowd.ts';
import { inProcess, type InProcess, type InProcessOptions } from '../../support/in-process.ts';
import { deliverEntry, saveInApigee } from '../../support/pulling.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { talk } from '../../console/server/talk.ts';
import { unavailable } from '../../shared/sync/ann.ts';

const minute = 60_000;
const incremental = { mode: 'incremental' } as const;

/**
 * Everything that the handlers say when they are made to say everything, by who says it. Nothing here is written by hand:
 * the product itself makes every entry.
 */
export async function everythingLogged(): Promise<Readonly<Record<'functions' | 'console', readonly LogEntry[]>>> {
  const functions: LogEntry[] = [];
  for (const happen of [
    synchronised,
    walkedAnew,
    pushed,
    missed,
    heldAndRejected,
    refused,
    stalled,
    skippedAndStopped,
    misled,
    pulled,
    polled,
  ])
    functions.push(...(await happen()));
  return { functions: [...functions, ...outages()], console: await strangers() };
}

/** Runs, dry ones too; a conflict, somebody who fails, somebody who is held. */
async function synchronised(): Promise<readonly LogEntry[]> {
  const clock = manualClock();
  const env = { MAIL_COLLECTION: 'mail', MAIL_TEMPLATE: '{"name":"welcome","firstLoad":true}' };
  const world = inProcess({ clock, env });
  world.developers.seed({ email: emailOf(20) });
  await crowd(world, 4);
  clock.advance(60 * minute);
  await world.run({ dryRun: true });
  world.database.putPortalDocument(idOf(1), { ...documentOf(1), lastName: 'Portal' });
  world.developers.seed({ ...known(world, 1), lastName: 'Apigee', lastModifiedAt: clock.now() + 1 });
  world.database.putPortalDocument('rival', documentOf(2));
  world.database.putPortalDocument('nameless', { ...documentOf(9), firstName: '' });
  world.database.putPortalDocument(idOf(10), documentOf(10));
  await world.run({ dryRun: true });
  await world.run();
  return world.logs;
}

/** A listing whose ranges show nobody any more with whom one began. */
async function walkedAnew(): Promise<readonly LogEntry[]> {
  let isBroken = false;
  const world = inProcess({
    wrap: (developers) => ({
      ...developers,
      listDevelopers: async (page) =>
        isBroken ? { ok: true, value: { emails: [], developers: [] } } : developers.listDevelopers(page),
    }),
  });
  await crowd(world, 3);
  isBroken = true;
  await world.run();
  return world.logs;
}

/** An edit, its echo, one that has to wait, a message and an event that nobody can use, and a store that is away. */
async function pushed(): Promise<readonly LogEntry[]> {
  const { world, clock, fail } = await failing();
  const event = (id: string) => ({
    type: 'google.cloud.firestore.document.v1.written',
    document: `portalUsers/${id}`,
    time: new Date(clock.now() - 1500).toISOString(),
  });
  world.database.putPortalDocument(idOf(0), { ...documentOf(0), lastName: 'Edited' });
  await handlePortalEdit(world.services, event(idOf(0)));
  await handlePortalEdit(world.services, event(idOf(0)));
  fail('apigee');
  world.database.putPortalDocument(idOf(1), { ...documentOf(1), lastName: 'Late' });
  await handlePortalEdit(world.services, event(idOf(1)));
  await handlePortalEdit(world.services, { type: 'another', document: 'x' });
  await handleFanOut(world.services, 'no message');
  fail('store');
  const [request] =
    (await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'r'),
    world.queue.splice(0));
  if (request !== undefined) await world.deliver(request);
  return world.logs;
}

/** A run finds what no event has brought. */
async function missed(): Promise<readonly LogEntry[]> {
  const clock = manualClock();
  const world = inProcess({ clock });
  await crowd(world, 2);
  clock.advance(60 * minute);
  world.database.putPortalDocument(idOf(0), { ...documentOf(0), lastName: 'Missed', updatedAt: new Date(clock.now()) });
  clock.advance(20 * minute);
  await world.run(incremental);
  return world.logs;
}

/** More is to be deactivated than may be. */
async function heldAndRejected(): Promise<readonly LogEntry[]> {
  const world = inProcess({ env: { DESTRUCTIVE_LIMIT: '1' } });
  await crowd(world, 6);
  deleteUsers(world, 0, 3);
  const { runId } = await world.run();
  await rejectRun(openSession(world.services, batchAllowance), runId);
  return world.logs;
}

/** Apigee takes no call of ours. */
async function refused(): Promise<readonly LogEntry[]> {
  const denied = { ...unavailable.error, kind: 'denied', operation: 'list', status: 403 } as const;
  const world = inProcess({
    wrap: (developers) => ({ ...developers, listEmails: async () => ({ ok: false, error: denied }) }),
  });
  world.developers.seed({ email: emailOf(0) });
  await world.run();
  return world.logs;
}

/** The messages of a run are lost. */
async function stalled(): Promise<readonly LogEntry[]> {
  const clock = manualClock();
  const world = inProcess({ clock });
  world.database.putPortalDocument(idOf(0), documentOf(0));
  await world.services.publisher.requestSync({ mode: 'full', dryRun: false, reason: undefined }, 'lost');
  const [request] = world.queue.splice(0);
  if (request !== undefined) await world.deliver(request);
  world.queue.splice(0);
  clock.advance(30 * minute);
  await world.run(incremental);
  return world.logs;
}

/** The schedule asks while every write is stopped. */
async function skippedAndStopped(): Promise<readonly LogEntry[]> {
  const world = inProcess();
  await crowd(world, 1);
  const acting = { operator: { id: 'me', name: 'me', role: 'admin', via: 'cli' }, reason: 'a test' } as const;
  await stopWrites(world.services, acting);
  const data = Buffer.from(JSON.stringify(incremental)).toString('base64');
  const message = {
    messageId: newActionId('me', 1),
    publishTime: new Date().toISOString(),
    attributes: { schedule: 'incremental' },
    data,
  };
  await handleFanOut(world.services, { message, subscription: 'test' });
  await resumeWrites(world.services, acting);
  return world.logs;
}

/** The state is of another organisation. */
async function misled(): Promise<readonly LogEntry[]> {
  const world = inProcess();
  await crowd(world, 1);
  const other = inProcess({ env: { APIGEE_ORG: 'another' }, sharing: world });
  await handleReconcileBatch(other.services, {});
  return other.logs;
}

/** Edits in Apigee: one that is brought over, its entry again, one that waits, one of an unknown shape, and too many. */
async function pulled(): Promise<readonly LogEntry[]> {
  const { world, clock, fail } = await failing({ PULL: 'audit-log' });
  const edit = { email: emailOf(0), firstName: 'Edited', lastModifiedAt: clock.now() };
  const saved = saveInApigee(world, edit);
  for (let told = 0; told < 2; told += 1)
    await deliverEntry(world, 'UpdateDeveloper', emailOf(0), saved, clock.now() - 1200);
  await deliverEntry(world, 'UpdateDeveloper', '');
  world.services.pulls.waiting = mostWaiting;
  await deliverEntry(world, 'UpdateDeveloper', emailOf(1), saved);
  world.services.pulls.waiting = 0;
  fail('reads');
  await deliverEntry(world, 'UpdateDeveloper', emailOf(1));
  return world.logs;
}

/** Edge that has no history. */
async function polled(): Promise<readonly LogEntry[]> {
  const env = { APIGEE_TYPE: 'edge', APIGEE_ACCESS_TOKEN: 'a token', PULL: 'audit-poll' };
  const error = { ...unavailable.error, operation: 'list' } as const;
  const world = inProcess({ env, audits: { between: async () => ({ ok: false, error }) } });
  const message = {
    messageId: '1',
    publishTime: new Date().toISOString(),
    attributes: { poll: 'every minute' },
    data: '',
  };
  await handlePullEdit(world.services, { message, subscription: 'test' });
  return world.logs;
}

function outages(): readonly LogEntry[] {
  return [
    outageEntry({ kind: 'opened', trouble: 'unavailable', message: 'Apigee has failed since 1' }),
    outageEntry({ kind: 'opened', trouble: 'denied', message: 'Apigee refuses every call' }),
    outageEntry({ kind: 'closed', message: 'Apigee answers again' }),
  ];
}

/** Somebody whom nobody knows asks the console. */
async function strangers(): Promise<readonly LogEntry[]> {
  const { world, call } = talk();
  await call('session', { as: 'nobody' });
  return world.logs;
}

async function failing(env: Readonly<Record<string, string>> = {}): Promise<{
  world: InProcess;
  clock: ReturnType<typeof manualClock>;
  readonly fail: (what: string) => void;
}> {
  const clock = manualClock();
  const broken = new Set<string>();
  const options: InProcessOptions = {
    env,
    clock,
    wrap: (developers) => ({
      ...developers,
      get: (...args) => (broken.has('reads') ? Promise.resolve(unavailable) : developers.get(...args)),
      update: (...args) => (broken.has('apigee') ? Promise.resolve(unavailable) : developers.update(...args)),
    }),
    around: (effect, happen) =>
      broken.has('store') && /transact|run|control/.test(effect)
        ? Promise.reject(new Error('the store is away'))
        : happen(),
  };
  const world = inProcess(options);
  await crowd(world, 3);
  clock.advance(60 * minute);
  return { world, clock, fail: (what) => void broken.add(what) };
}

function known(world: InProcess, index: number) {
  const found = world.developers.all().find(({ email }) => email === emailOf(index));
  if (found === undefined) throw new Error(`there is no developer ${emailOf(index)}`);
  return found;
}
