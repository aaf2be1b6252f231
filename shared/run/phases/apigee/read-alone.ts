import pMap from 'p-map';
import type { Developers } from '../../../apigee/developers.ts';
import { canonicalEmail } from '../../../core/model/email.ts';
import type { Developer } from '../../../core/model/profile.ts';
import type { Again } from '../../session.ts';
import { withoutAnswer, type Denied } from '../phase.ts';

/**
 * Reads each of these people whom `found` does not have, and adds them to it. One that cannot be read makes the whole page
 * unreadable: it proves nothing about anyone (rule 25).
 */
export async function readAlone(
  developers: Developers,
  people: readonly string[],
  found: Map<string, Developer>,
): Promise<Again | Denied | undefined> {
  const missing = [...new Set(people)].filter((email) => !found.has(email) && canonicalEmail(email) !== undefined);
  let failure: Again | Denied | undefined;
  await pMap(
    missing,
    async (email) => {
      if (failure !== undefined) return;
      const answer = await developers.get(email);
      if (!answer.ok) failure ??= withoutAnswer(answer.error);
      else if (answer.value !== undefined) found.set(email, answer.value);
    },
    { concurrency: 8 },
  );
  return failure;
}
