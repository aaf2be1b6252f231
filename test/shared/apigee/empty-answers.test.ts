import { expect, test } from 'vitest';
import { bodyOf, scene } from './harness.ts';
import { raw } from './scripted-server.ts';

const email = 'ada@example.com';

test.each([
  ['an empty body', ''],
  ['a page of HTML', '<html><body>OK</body></html>'],
  ['half a body', '{"email":"ada@exa'],
])('a write that is answered 200 with %s may have been made, and nobody knows (rule 25)', async (_, body) => {
  const { developers } = await scene([raw(200, body)]);
  const answers = [
    await developers.setStatus(email, 'inactive'),
    await developers.delete(email),
    await developers.update(email, bodyOf(email)),
    await developers.create(bodyOf(email)),
  ];
  for (const answer of answers)
    expect(answer).toMatchObject({ ok: false, error: { kind: 'unavailable', ambiguous: true } });
});
