import { canonicalEmail } from '../../../shared/core/model/email.ts';
import { forgetPerson as forget, type ForgottenPerson } from '../../../shared/operator/actions/forget-person.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import { answer, refused, sentence, unavailable, type Handler } from '../asked.ts';
import { keyOf } from './people.ts';
import { forgetDigests, refusedBy } from './plans.ts';

/** Removes all that is kept of a person who is on neither side (rule 37). */
export const forgetPerson: Handler<'forgetPerson'> = async ({ desk, acting, body }) => {
  const found = await keyOf(desk, body.person);
  if (found.kind === 'problem') return found;
  const { key } = found;
  if (body.email !== key && canonicalEmail(body.email) !== key) {
    const fields = [{ field: 'email', message: 'Is not the email of this person.' }];
    return { kind: 'problem', error: { kind: 'invalid', message: 'Another email was typed.', fields } };
  }
  const done = await forget(desk.services, acting(body.reason), key);
  switch (done.kind) {
    case 'refused':
      return refusedBy(done.reason);
    case 'on-a-side':
      return refused(
        `the person is ${sides[done.side]}: nothing was forgotten. Delete both sides first, and let a full run see it`,
      );
    case 'not-reached':
      return unavailable(`Nothing was forgotten: Apigee could not be asked. ${safeText(done.error.message)}`);
    case 'forgotten':
      forgetDigests(desk);
      return answer({ words: wordsOf(done) });
  }
};

const sides = { portal: 'on the portal', apigee: 'in Apigee' } as const;

function wordsOf({ removed, left }: Extract<ForgottenPerson, { kind: 'forgotten' }>): readonly string[] {
  const parts = Object.entries(removed).filter(([, count]) => count > 0);
  if (parts.length === 0 && left.length === 0) return ['Nothing is kept of this person.'];
  return [
    'The person is forgotten.',
    ...parts.map(([what, count]) => sentence(`${what}: ${String(count)} removed`)),
    ...left.map((what) => sentence(`still kept: ${what}`)),
  ];
}
