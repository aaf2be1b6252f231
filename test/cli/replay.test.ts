import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { OpenDeadLetters } from '../../shared/operator/actions/replay.ts';
import { holdSubscription } from '../../shared/messages/dead-letters.ts';
import type { PushedMessage } from '../../shared/messages/push-envelope.ts';
import { newMeter } from '../../shared/state/meter.ts';
import { commandWorld, say, type CommandWorld } from './command-world.ts';

const requestsHold = 'developer-sync-requests-dead-hold';
const batchesHold = 'developer-sync-batches-dead-hold';
const givenUp = {
  CloudPubSubDeadLetterSourceDeliveryCount: '15',
  CloudPubSubDeadLetterSourceSubscription: 'developer-sync-batches-push',
};
const batch = '{"runId":"run-1","phase":"apigee","seq":3}';

interface Kept {
  readonly data: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Pub/Sub with dead letters, noting in which order it is asked for what. */
function fakePubsub(kept: Readonly<Record<string, readonly Kept[]>>, refuses?: string) {
  const calls: string[] = [];
  const published: (Kept & { readonly topic: string })[] = [];
  const open: OpenDeadLetters = async (project) => {
    calls.push(`open ${project}`);
    return {
      async each(subscription, limit, handle) {
        calls.push(`read ${subscription}`);
        for (const [index, { data, attributes = {} }] of (kept[subscription] ?? []).slice(0, limit).entries()) {
          const message: PushedMessage = {
            messageId: `m/${String(index)}`,
            publishTime: 0,
            attributes,
            data,
            subscription,
          };
          calls.push(`${await handle(message)} ${String(index)}`);
        }
        return 'read';
      },
      async publish(topic, data, attributes) {
        if (data === refuses) throw new Error('the topic is away');
        calls.push(`publish ${topic}`);
        published.push({ topic, data, attributes });
      },
      close: async () => void calls.push('close'),
    };
  };
  return { calls, published, open };
}

function worldWith(pubsub: ReturnType<typeof fakePubsub>): CommandWorld {
  return commandWorld({}, { openDeadLetters: pubsub.open });
}

describe('devsync replay', () => {
  test('publishes dead letters again on their topic, without what made them dead letters, and only then takes them off', async () => {
    const pubsub = fakePubsub({
      [requestsHold]: [{ data: '{}', attributes: { continue: 'run-1', ...givenUp } }],
      [batchesHold]: [{ data: batch, attributes: givenUp }],
    });
    const { code, out } = await worldWith(pubsub).devsync('replay');
    expect(code).toBe(0);
    expect(out).toBe(
      'developer-sync-requests: 1 dead letter: 1 published again, 0 rejected\n' +
        'developer-sync-batches: 1 dead letter: 1 published again, 0 rejected\n',
    );
    expect(pubsub.published).toEqual([
      { topic: 'developer-sync-requests', data: '{}', attributes: { continue: 'run-1' } },
      { topic: 'developer-sync-batches', data: batch, attributes: {} },
    ]);
    expect(pubsub.calls).toEqual([
      'open demo',
      `read ${requestsHold}`,
      'publish developer-sync-requests',
      'taken 0',
      `read ${batchesHold}`,
      'publish developer-sync-batches',
      'taken 0',
      'close',
    ]);
  });

  test('records what cannot be used as rejected, and takes it off (rule 25)', async () => {
    const pubsub = fakePubsub({ [batchesHold]: [{ data: 'no JSON' }, { data: batch }] });
    const world = worldWith(pubsub);
    expect((await world.devsync('replay', '--topic', 'batches')).out).toBe(
      'developer-sync-batches: 2 dead letters: 1 published again, 1 rejected\n',
    );
    expect(pubsub.calls).not.toContain(`read ${requestsHold}`);
    expect(pubsub.calls).toContain('taken 0');
    expect(await world.services.runs(newMeter()).rejections(10)).toMatchObject([
      { id: 'm_0', source: 'replay', reason: 'the message body is not JSON' },
    ]);
  });

  test('leaves everything where it is with --dry-run, and says what it would do', async () => {
    const pubsub = fakePubsub({ [batchesHold]: [{ data: 'no JSON' }, { data: batch }] });
    const world = worldWith(pubsub);
    expect((await world.devsync('replay', '--dry-run')).out).toBe(
      'developer-sync-requests: no dead letters\n' +
        'developer-sync-batches: 2 dead letters: 1 would be published again, 1 would be rejected\n',
    );
    expect(pubsub.published).toEqual([]);
    expect(pubsub.calls.filter((call) => /^(?:taken|left)/u.test(call))).toEqual(['left 0', 'left 1']);
    expect(await world.services.runs(newMeter()).rejections(10)).toEqual([]);
  });

  test('takes nothing off that could not be published, and tells how far it came: exit 1', async () => {
    const last = '{"runId":"run-1","phase":"apigee","seq":4}';
    const pubsub = fakePubsub({ [batchesHold]: [{ data: batch }, { data: last }] }, last);
    const { code, out, err } = await worldWith(pubsub).devsync('replay', '--topic', 'batches');
    expect(code).toBe(1);
    expect(out).toContain('1 published again, 0 rejected; there may be more, the rest could not be looked at');
    expect(err).not.toBe('');
    expect(pubsub.calls.filter((call) => call.startsWith('taken'))).toEqual(['taken 0']);
    expect(pubsub.calls.at(-1)).toBe('close');
  });

  test.each([
    [
      'missing',
      'There is no subscription developer-sync-requests-dead-hold in demo: check GOOGLE_CLOUD_PROJECT, SYNC_REQUESTS_TOPIC and SYNC_BATCHES_TOPIC\n',
    ],
    [
      'forbidden',
      'Your account may not read developer-sync-requests-dead-hold: it needs roles/pubsub.subscriber in demo\n',
    ],
  ] as const)('a subscription that is %s ends it with what to do: exit 1', async (end, advice) => {
    const pubsub = fakePubsub({});
    const open: OpenDeadLetters = async (project) => ({ ...(await pubsub.open(project)), each: async () => end });
    const { code, out, err } = await commandWorld({}, { openDeadLetters: open }).devsync('replay');
    expect(code).toBe(1);
    expect(err.split('\n').toSorted()).toEqual(
      ['', advice.trimEnd(), advice.trimEnd().replace('requests-dead', 'batches-dead')].toSorted(),
    );
    expect(out).toBe(
      'developer-sync-requests: could not be looked at\ndeveloper-sync-batches: could not be looked at\n',
    );
    expect(pubsub.calls.at(-1)).toBe('close');
  });

  test('tells a topic that it could not look at from one without dead letters: exit 1', async () => {
    const pubsub = fakePubsub({ [batchesHold]: [{ data: batch }] });
    const open: OpenDeadLetters = async (project) => {
      const all = await pubsub.open(project);
      const noCredentials = new Error('Could not load the default credentials. Browse to https://…');
      return {
        ...all,
        each: (name, ...rest) => (name === requestsHold ? Promise.reject(noCredentials) : all.each(name, ...rest)),
      };
    };
    const { code, out, err } = await commandWorld({}, { openDeadLetters: open }).devsync('replay');
    expect({ code, out, err }).toEqual({
      code: 1,
      out:
        'developer-sync-requests: could not be looked at\n' +
        'developer-sync-batches: 1 dead letter: 1 published again, 0 rejected\n',
      err: 'There are no Google Cloud credentials: run: gcloud auth application-default login\n',
    });
  });

  test('who replays is recorded with the reason and with what came of it (rule 39)', async () => {
    const pubsub = fakePubsub({ [batchesHold]: [{ data: batch }] });
    const { devsync, services } = worldWith(pubsub);
    await devsync('replay', '--dry-run');
    await devsync('replay', '--reason', 'the outage is over');
    expect(await services.audit.recent({ before: undefined, limit: 9 })).toMatchObject([
      { action: 'replay-dead-letters', reason: 'the outage is over', end: { words: '1 replayed, 0 rejected' } },
      { action: 'look-at-dead-letters', end: { state: 'done' } },
    ]);
  });

  test('tells scripts what became of each topic', async () => {
    const pubsub = fakePubsub({
      [batchesHold]: [
        { data: batch, attributes: givenUp },
        { data: '{', attributes: givenUp },
      ],
    });
    const { code, out } = await worldWith(pubsub).devsync('replay', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      topics: [
        { topic: 'developer-sync-requests', replayed: 0, rejected: 0, complete: true, problem: null },
        { topic: 'developer-sync-batches', replayed: 1, rejected: 1, complete: true, problem: null },
      ],
    });
  });

  test('keeps to --limit', async () => {
    const pubsub = fakePubsub({ [batchesHold]: [{ data: batch }, { data: batch }, { data: batch }] });
    expect((await worldWith(pubsub).devsync('replay', '--limit', '2')).out).toContain(
      '2 dead letters: 2 published again, 0 rejected; there may be more, this is what --limit allows',
    );
  });

  test.each([['0'], ['1.5'], ['many'], ['10001']])('takes no limit of %s', async (limit) => {
    const { code, err } = await say(['replay', '--limit', limit]);
    expect({ code, err }).toEqual({ code: 1, err: '--limit is a number from 1 to 10000\n' });
  });

  test('says that there are no dead letters where everything is in memory', async () => {
    const { code, out } = await commandWorld().devsync('replay');
    expect(code).toBe(0);
    expect(out).toContain('there are no dead letters');
  });

  test('looks where Terraform keeps them', async () => {
    const module = new URL('../../terraform/modules/push-worker/main.tf', import.meta.url);
    expect(await readFile(module, 'utf8')).toContain(`"${holdSubscription('${var.topic}')}"`);
  });
});
