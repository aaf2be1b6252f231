import { describe, expect, test } from 'vitest';
import { isNobody, personKey, readPerson } from '../../../../shared/operator/views/person.ts';
import { inProcess } from '../../../support/in-process.ts';
import { email } from '../../state/samples.ts';

describe('the person that an operator names', () => {
  test.each([
    [' ANN@Example.com ', 'ann@example.com'],
    ['#u1', '#u1'],
    ['#', undefined],
    ['u1', undefined],
    ['', undefined],
    ['#a/b', undefined],
  ])('%j is %j', (text, key) => {
    expect(personKey(text)).toBe(key);
  });
});

test('a person is nobody only where nothing at all is known', async () => {
  const { services, developers } = inProcess();
  expect(isNobody(await readPerson(services, email('ann@example.com')))).toBe(true);
  developers.seed({ email: 'ann@example.com' });
  expect(isNobody(await readPerson(services, email('ann@example.com')))).toBe(false);
});
