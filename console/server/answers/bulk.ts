import type { BulkLine } from '../../api/answers/attention.ts';
import { linkId } from '../../../shared/core/model/email.ts';
import type { ManyStep } from '../../../shared/operator/actions/many.ts';
import { sentence } from '../asked.ts';

type Action = Extract<BulkLine, { kind: 'begun' }>['action'];

/** The steps of an action on many people as lines. Whoever closes the connection stops it. */
export async function* bulkLines(
  steps: AsyncIterable<ManyStep>,
  action: Action,
  signal: AbortSignal,
): AsyncGenerator<BulkLine> {
  for await (const step of steps) {
    if (signal.aborted) return;
    switch (step.kind) {
      case 'begun':
        yield { kind: 'begun', actionId: step.actionId, action, people: step.people };
        break;
      case 'person': {
        const { key, done, one } = step;
        yield { kind: 'person', id: linkId(key), key, done, result: one.state, words: sentence(one.words) };
        break;
      }
      case 'over':
        yield { kind: 'over', ...step.totals, words: sentence(step.words) };
        break;
    }
  }
}
