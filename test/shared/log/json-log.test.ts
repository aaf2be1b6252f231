import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createJsonLog } from '../../../shared/log/json-log.ts';
import { canonicalEmail } from '../../../shared/core/model/email.ts';

test('every entry is one line of JSON, with its time first and a person as a hash (rule 27)', () => {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = createJsonLog({ hashKey: 'a key that is long enough', project: 'demo-log', destination });
  const person = canonicalEmail('ann@example.com');
  log({ event: 'person_failed', severity: 'WARNING', message: 'a sentence', ...(person ? { person } : {}) });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^\{"time":"[^"]+Z",.*\}\n$/u);
  const entry: unknown = JSON.parse(lines[0] ?? '');
  expect(entry).toMatchObject({ event: 'person_failed', severity: 'WARNING', message: 'a sentence' });
  expect(lines[0]).toMatch(/"person":"[0-9a-f]{16}"/u);
  expect(lines[0]).not.toContain('ann');
});

test.each([
  ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '0af7651916cd43dd8448eb211c80319c'],
  ['105445aa7843bc8bf206b12000100000/1;o=1', '105445aa7843bc8bf206b12000100000'],
  ['"; DROP', undefined],
])('an entry belongs to the trace of its request: %s', (trace, id) => {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = createJsonLog({ hashKey: undefined, project: 'demo-log', destination });
  log({ event: 'run_started', severity: 'INFO', message: 'a sentence', trace });
  const entry = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  expect(entry['logging.googleapis.com/trace']).toBe(id && `projects/demo-log/traces/${id}`);
  expect(entry['trace']).toBeUndefined();
});

test('an attribute that is named after somebody is not named (rule 27)', () => {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = createJsonLog({ hashKey: undefined, project: 'demo-log', destination });
  const fields = ['attributes.ann.lee@example.com', 'attributes.tier'];
  const message = 'The field "attributes.ann.lee@example.com" must be text';
  log({ event: 'person_failed', severity: 'WARNING', message, fields });
  expect(lines[0]).not.toContain('example.com');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ fields: ['[removed]', 'attributes.tier'] });
});
