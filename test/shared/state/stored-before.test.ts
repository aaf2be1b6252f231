import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeBatch, encodeBatch } from '../../../shared/state/batch-document.ts';
import { decodeRun, encodeRun } from '../../../shared/state/run-document.ts';
import type { Batch } from '../../../shared/state/runs.ts';
import { email, newRun } from './samples.ts';

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');
const runId = 'run';
const ann = email('ann@example.com');
const page = { people: ['Ann@example.com', 'bob@example.com'], first: 'Ann@example.com', last: 'zoe@example.com' };
const place =
  '{"stage":"due","at":1700000000000,"search":true,"outside":2,"after":{"key":"cid@example.com","due":1600000000000}}';
const cost = {
  calls: { list: 1, get: 2, create: 3, update: 4, status: 5, delete: 6 },
  traffic: { reads: 7, writes: 8, bookkeeping: 9 },
  finishedAt: 2000,
};

/** As the version wrote them that kept the batches of all phases in one shape. */
const stored: readonly (readonly [string, Readonly<Record<string, unknown>>, Batch])[] = [
  [
    'the first portal batch',
    {
      runId: 'run',
      phase: 'portal',
      seq: 0,
      people: bytes('H4sIAAAAAAAAA4uOBQApu0wNAgAAAA=='),
      progress: 'portal-open',
    },
    { runId, phase: 'portal', seq: 0, part: { kind: 'first' }, result: undefined },
  ],
  [
    'the first page, where too much was edited',
    {
      runId: 'run',
      phase: 'portal',
      seq: 1,
      after: '',
      people: bytes('H4sIAAAAAAAAA4uOBQApu0wNAgAAAA=='),
      progress: 'portal-open',
    },
    { runId, phase: 'portal', seq: 1, part: { kind: 'page', after: undefined }, result: undefined },
  ],
  [
    'a portal page',
    {
      runId: 'run',
      phase: 'portal',
      seq: 2,
      after: 'user-500',
      people: bytes('H4sIAAAAAAAAA4uOBQApu0wNAgAAAA=='),
      progress: 'portal-open',
    },
    { runId, phase: 'portal', seq: 2, part: { kind: 'page', after: 'user-500' }, result: undefined },
  ],
  [
    'a portal page that is done',
    {
      runId: 'run',
      phase: 'portal',
      seq: 3,
      after: 'user-500',
      people: bytes('H4sIAAAAAAAAA4uOBQApu0wNAgAAAA=='),
      result: bytes(
        'H4sIAAAAAAAAAzWPO27EMAxErxJMWhbOP2G35zBcKBa9IVYWBUnGFobvHtDAdiSB4Xuzw7Y+2yoNPGIJmiRiIpQUcpYIHifCHFJq4B1JWwe/EK7Swa+EuUroAn4jbCWe4zuh9dC3Bv4gREni18+D0GtYFp39UZUQG/iLcK/aHf5N+DW73USK5iv45yAsmrX9Sbw4bBgGQhErSVz12eIpWu3u6juK1GYZPBCa9i109Q1rSIvVVSLoURX8KEoucqaQ7UnWoAmOleR243RMxz9/TtJ9IQEAAA==',
      ),
      progress: 'portal-done',
      finishedAt: 2000,
    },
    {
      runId,
      phase: 'portal',
      seq: 3,
      part: { kind: 'page', after: 'user-500' },
      result: {
        people: ['#odd'],
        outcomes: ['failed'],
        rows: [{ key: '#odd', situation: 'malformed', outcome: 'failed', reason: 'no email', fields: [] }],
        planned: [],
        ...cost,
      },
    },
  ],
  [
    'a page of developers',
    {
      runId: 'run',
      phase: 'apigee',
      seq: 4,
      after: 'Ann@example.com',
      through: 'zoe@example.com',
      people: bytes('H4sIAAAAAAAAA4tWcszLc0itSMwtyEnVS87PVdJRSspPQhGJBQCeebmVJQAAAA=='),
      progress: 'apigee-open',
    },
    { runId, phase: 'apigee', seq: 4, ...page, result: undefined },
  ],
  [
    'a page of developers that is done',
    {
      runId: 'run',
      phase: 'apigee',
      seq: 4,
      after: 'Ann@example.com',
      through: 'zoe@example.com',
      people: bytes('H4sIAAAAAAAAA4tWcszLc0itSMwtyEnVS87PVdJRSspPQhGJBQCeebmVJQAAAA=='),
      result: bytes(
        'H4sIAAAAAAAAA02OOw7DIBAF7/LqLZx/sl3OEbkgsLaRCViwyIXlu0ekSjd6xZvZkKra9JECfqFGO5k4igP9cU9YgolRHPjVE6wJoYA3BF8UfCCMouAjwWYxKuAToS7uh2dCUaO1gC8EJ0Haet0Jms0weNuOshhXwDfCmr22ljvhndI8iyw+juDHThh89GUS92yyrusIOa2tu9+/rf9Ue8cAAAA=',
      ),
      progress: 'apigee-done',
      finishedAt: 2000,
    },
    {
      runId,
      phase: 'apigee',
      seq: 4,
      ...page,
      result: { people: page.people, outcomes: ['unchanged', 'unchanged'], rows: [], planned: [], ...cost },
    },
  ],
  [
    'people without a developer',
    {
      runId: 'run',
      phase: 'links',
      seq: 0,
      after: 'missing',
      through: place,
      people: bytes('H4sIAAAAAAAAA4tWSszLc0itSMwtyEnVS87PVdJRUs5PSVGKBQBMWWY8GgAAAA=='),
      progress: 'links-open',
    },
    { runId, phase: 'links', seq: 0, kind: 'missing', people: [ann, '#odd'], next: place, result: undefined },
  ],
  [
    'people to be looked at, in the last batch',
    {
      runId: 'run',
      phase: 'links',
      seq: 1,
      after: 'look',
      people: bytes('H4sIAAAAAAAAA4tWSspPckitSMwtyEnVS87PVYoFAK2I8pUTAAAA'),
      progress: 'links-open',
    },
    {
      runId,
      phase: 'links',
      seq: 1,
      kind: 'look',
      people: [email('bob@example.com')],
      next: undefined,
      result: undefined,
    },
  ],
  [
    'the last batch, of nobody',
    {
      runId: 'run',
      phase: 'links',
      seq: 2,
      after: 'look',
      people: bytes('H4sIAAAAAAAAA4uOBQApu0wNAgAAAA=='),
      result: bytes(
        'H4sIAAAAAAAAAyWOOw7CMBBE7zL1FuEP23EORGHsTbAwduTdKEWUuyOHbmaK92ZBmcyXryj48SSMyeUs4V+8S0nBC1JUA+8Igxh4T/BVnAn4QJjGsMUjQc3ZpOATIUiStp5XglXX99E3UBUXFHwhzDVak14Jr1I+H5Ex5gF8Wwl9zFHfEu5N1nUdoZZ5O7j+APn1KG6wAAAA',
      ),
      progress: 'links-done',
      finishedAt: 2000,
    },
    {
      runId,
      phase: 'links',
      seq: 2,
      kind: 'look',
      people: [],
      next: undefined,
      result: { people: [], outcomes: [], rows: [], planned: [], ...cost },
    },
  ],
  [
    'people behind the gate',
    {
      runId: 'run',
      phase: 'destructive',
      seq: 0,
      after: 'look',
      people: bytes('H4sIAAAAAAAAA4tWSszLc0itSMwtyEnVS87PVYoFAFzr9S0TAAAA'),
      progress: 'destructive-open',
    },
    { runId, phase: 'destructive', seq: 0, people: [ann], result: undefined },
  ],
];

/** With its lists as they were before they were compressed. */
function unpacked(document: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const plain: Record<string, unknown> = { ...document };
  for (const [field, value] of Object.entries(document)) {
    if (value instanceof Uint8Array) plain[field] = JSON.parse(gunzipSync(value).toString('utf8'));
  }
  return plain;
}

describe('a batch of a run that was under way during an upgrade', () => {
  test.each(stored)('%s is read as what it was, and written as it was', (_, document, batch) => {
    expect(decodeBatch('id', document)).toEqual(batch);
    expect(unpacked(encodeBatch(batch))).toEqual(unpacked(document));
  });
});

test("a run's pause is stored under the name it had first", () => {
  const run = newRun(runId, { pause: { from: 1, to: 2 } });
  const document = encodeRun(run);
  expect(document).toMatchObject({ held: { from: 1, to: 2 } });
  expect(document).not.toHaveProperty('pause');
  expect(decodeRun(runId, document)).toEqual(run);
});
