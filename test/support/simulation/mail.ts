import {
  batchAllowance,
  batchCalls,
  pullAllowance,
  pullCalls,
  pushAllowance,
  pushCalls,
} from '../../../shared/wiring/allowances.ts';
import type { Answer } from '../../../shared/wiring/http-push.ts';
import { handleFanOut, handlePortalEdit, handleReconcileBatch } from '../../../shared/wiring/handlers.ts';
import { handlePullEdit } from '../../../shared/wiring/pull-handler.ts';
import { startProcess, type Process, type ProcessOptions } from './process.ts';
import type { Post } from './post.ts';
import { servicesFor } from './services.ts';
import { faultsOf, problem, type World } from './world.ts';

const second = 1000;

interface Mail {
  readonly name: string;
  readonly kind: 'event' | 'audit' | 'requests' | 'batches';
  readonly runId: string | undefined;
  readonly handle: (process: Process) => Promise<Answer>;
  tries: number;
  /** Of these, without any fault. */
  calmTries: number;
}

export function newPost(world: World): Post {
  const { scheduler, random } = world;
  let sent = 0;
  let started = 0;
  const post: Post = {
    event(userId) {
      sent += 1;
      const event = { type: 'google.cloud.firestore.document.v1.written', document: `portalUsers/${userId}` };
      send({
        name: `push(${userId})`,
        kind: 'event',
        runId: undefined,
        handle: (process) => handlePortalEdit(servicesFor(world, process, post), event),
        tries: 0,
        calmTries: 0,
      });
    },
    audit(entry) {
      sent += 1;
      const text = JSON.stringify(entry);
      const message = { messageId: String(sent), data: Buffer.from(text).toString('base64') };
      send({
        name: `pull(${text})`,
        kind: 'audit',
        runId: undefined,
        handle: (process) => handlePullEdit(servicesFor(world, process, post), { message, subscription: 'audit' }),
        tries: 0,
        calmTries: 0,
      });
    },
    publish(topic, json, attributes = {}) {
      sent += 1;
      const data = Buffer.from(JSON.stringify(json)).toString('base64');
      const publishTime = new Date(world.clocks.store()).toISOString();
      const body = { message: { messageId: String(sent), publishTime, attributes, data }, subscription: 'simulation' };
      const handler = topic === 'requests' ? handleFanOut : handleReconcileBatch;
      send({
        name: `${topic}(${JSON.stringify(attributes)}${JSON.stringify(json)})`,
        kind: topic,
        runId: attributes['runId'] ?? attributes['continue'] ?? runIdOf(json),
        handle: (process) => handler(servicesFor(world, process, post), body),
        tries: 0,
        calmTries: 0,
      });
    },
  };
  return post;

  function send(mail: Mail): void {
    const { lostEvent, lostMessage, duplicate } = faultsOf(world);
    if (random.chance(mail.kind === 'event' || mail.kind === 'audit' ? lostEvent : lostMessage)) {
      world.trace(() => `lost: ${mail.name}`);
      return;
    }
    scheduler.at(transit(), () => deliver(mail));
    if (random.chance(duplicate)) scheduler.at(transit(), () => deliver(mail));
  }

  function transit(): number {
    if (world.calm || random.chance(0.8)) return random.int(2, 300);
    return random.chance(0.8) ? random.int(300, 30_000) : random.int(30_000, 900_000);
  }

  function deliver(mail: Mail): void {
    started += 1;
    const name = `${mail.kind[0] ?? ''}${String(started)}`;
    world.trace(() => `${name} starts: ${mail.name}`);
    const isEvent = mail.kind === 'event';
    const { timing, calls } = limitsOf(mail);
    const ackDeadline = isEvent ? 10 * second : 600 * second;
    let acknowledged = false;
    startProcess(
      world,
      { name, runId: mail.runId, timing, calls, timeoutMs: isEvent ? 120 * second : 600 * second },
      mail.handle,
      (ending) => {
        acknowledged = true;
        if (ending === 'again') again(mail, 10 * second);
        if (ending === 'crashed') again(mail, random.pick([second, ackDeadline]));
      },
    );
    if (!world.calm && random.chance(0.5)) {
      scheduler.at(ackDeadline, () => {
        if (!acknowledged) deliver(mail);
      });
    }
  }

  function again(mail: Mail, least: number): void {
    mail.tries += 1;
    // As long as others use the quota up, a push may get no turn.
    if (world.calm && (world.quota?.working ?? 0) === 0) mail.calmTries += 1;
    if (mail.tries >= 25 && (!world.calm || mail.calmTries >= 25)) {
      if (world.calm) problem(world, `without any fault ${mail.name} is still delivered again after 25 tries`);
      world.trace(() => `dead-lettered: ${mail.name}`);
      return;
    }
    const most = least * 2 ** Math.min(mail.tries, 5);
    scheduler.at(random.int(least, Math.min(most, 600 * second)), () => deliver(mail));
  }
}

function limitsOf({ kind }: Mail): Pick<ProcessOptions, 'timing' | 'calls'> {
  switch (kind) {
    case 'event':
      return { timing: pushAllowance.timing, calls: pushCalls };
    case 'audit':
      return { timing: pullAllowance.timing, calls: pullCalls };
    case 'requests':
    case 'batches':
      return { timing: batchAllowance.timing, calls: batchCalls };
  }
}

function runIdOf(json: unknown): string | undefined {
  const found = typeof json === 'object' && json !== null && 'runId' in json ? json.runId : undefined;
  return typeof found === 'string' ? found : undefined;
}
