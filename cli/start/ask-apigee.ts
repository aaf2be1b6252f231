import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../../local/stack.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';

/** How long an Apigee that is not ours may take to answer before anything is asked of it, ms. */
const answersWithin = 15_000;

/** Throws where another Apigee than our own emulator does not answer, or refuses us: a run would wait for it for long. */
export async function askApigee({ services, config: { apigee } }: Stack): Promise<void> {
  const developers = services.developers(() => undefined);
  const late = new AbortController();
  const answer = await Promise.race([
    developers.listEmails({ startKey: undefined, count: 2 }),
    sleep(answersWithin, undefined, { signal: late.signal }).catch(() => undefined),
  ]);
  late.abort();
  if (answer?.ok === true) return;
  const why = answer === undefined ? 'it has not answered for 15 s' : safeText(answer.error.message);
  throw new Error(`Apigee at ${apigee.endpoint}, organisation ${apigee.org}, cannot be used: ${why}`);
}
