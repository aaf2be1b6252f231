import { describe, expect, test } from 'vitest';
import type { Answer, Developers, ListedDevelopers } from '../../../shared/apigee/developers.ts';
import { errorOf, valueOf } from './developers-contract.ts';
import { bodyOf, scene } from './harness.ts';
import { json, wireDeveloper } from './scripted-server.ts';

const email = 'ada@example.com';
const other = json(200, wireDeveloper('eve@example.com', { developerId: 'eve' }));

const calls: readonly (readonly [string, (developers: Developers) => Promise<Answer<unknown>>])[] = [
  ['get', (developers) => developers.get(email)],
  ['create', (developers) => developers.create(bodyOf(email))],
  ['update', (developers) => developers.update(email, bodyOf(email))],
  ['status', (developers) => developers.setStatus(email, 'inactive')],
  ['delete', (developers) => developers.delete(email)],
];

describe('an answer about another developer than was asked for', () => {
  test.each(calls)('is no answer to %s (rule 25)', async (operation, call) => {
    const { developers } = await scene([other]);
    const error = errorOf(await call(developers), 'unavailable');
    expect(error).toMatchObject({ operation, status: 200, ambiguous: operation !== 'get' });
    expect(error.message).toBe(`${operation}: HTTP 200: an answer about another developer`);
  });

  test('is asked for again, as any broken answer to a read', async () => {
    const { developers, server } = await scene([other, json(200, wireDeveloper(email))]);
    expect(valueOf(await developers.get(email))?.email).toBe(email);
    expect(server.seen).toHaveLength(2);
  });

  test('is one about the former email where a developer was renamed', async () => {
    const { developers } = await scene([json(200, wireDeveloper(email))], { type: 'edge' });
    errorOf(await developers.update(email, bodyOf('new@example.com')), 'unavailable');
  });

  test('does not tell whom it is about (rule 27)', async () => {
    const { developers } = await scene([other]);
    expect(errorOf(await developers.get(email), 'unavailable').message).not.toContain('eve@');
  });
});

describe('an answer about the developer who was asked for', () => {
  test.each([
    ['in another spelling', 'Ada@Example.com', wireDeveloper(email)],
    ['by developerId', 'id-of-ada', wireDeveloper(email, { developerId: 'id-of-ada' })],
    ['whose email nobody could use', 'ada', wireDeveloper('ada')],
  ])('is believed: %s', async (_, asked, answer) => {
    const { developers } = await scene([json(200, answer)], { type: 'edge' });
    expect(valueOf(await developers.get(asked))?.email).toBe(answer.email);
    expect(await developers.setStatus(answer.email, 'active')).toMatchObject({ ok: true });
  });

  test('may say less: an answer to a status call that names nobody is one', async () => {
    const { developers } = await scene([json(200, { status: 'inactive' }), json(200, [])]);
    expect(await developers.setStatus(email, 'inactive')).toMatchObject({ ok: true });
    expect(await developers.delete(email)).toMatchObject({ ok: true });
  });
});

describe('an expanded listing', () => {
  const page = { startKey: undefined, count: 1000 };
  const rows = (...developers: readonly unknown[]) => scene([json(200, { developer: developers })]);
  const emails = (answer: Answer<ListedDevelopers>) => valueOf(answer).developers.map((one) => one.email);
  const [ada, eve, zoe] = ['ada', 'eve', 'zoe'].map((id) => wireDeveloper(`${id}@example.com`, { developerId: id }));

  test('whose entries contradict each other shows none of those, so that each is read alone', async () => {
    const { developers } = await rows(ada, { ...eve, developerId: 'ada' }, zoe);
    expect(emails(await developers.listDevelopers(page))).toEqual(['zoe@example.com']);
  });

  test('that shows two developers under one email shows neither', async () => {
    const { developers } = await rows(ada, { ...ada, developerId: 'eve' }, zoe);
    expect(emails(await developers.listDevelopers(page))).toEqual(['zoe@example.com']);
  });

  test('that shows somebody twice shows them', async () => {
    const { developers } = await rows(ada, zoe, ada);
    expect(emails(await developers.listDevelopers(page))).toEqual(
      ['ada', 'zoe', 'ada'].map((id) => `${id}@example.com`),
    );
  });
});
