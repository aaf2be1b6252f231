import type { HoldReason } from '../../shared/core/model/link.ts';
import type { HeldPerson } from '../../shared/operator/views/holds.ts';
import { holdWords } from '../../shared/operator/words/holds.ts';
import { counted, number } from '../../shared/operator/words/quantities.ts';
import { personWords } from '../../shared/operator/words/results.ts';
import { shortText } from '../../shared/operator/words/safe-text.ts';

/** What became of many who were to be released. */
export interface Released {
  readonly released: number;
  readonly held: number;
  readonly failed: number;
  /** Nobody has looked at them. */
  readonly left: number;
}

export const noneReleased: Released = { released: 0, held: 0, failed: 0, left: 0 };

/** Whom the release of a group is about: how many, why they are held, and the first ten. */
export function renderRelease(reason: HoldReason, people: readonly HeldPerson[]): string {
  const destroys = reason === 'destructive-limit' ? ' Releasing deactivates or deletes them.' : '';
  const shown = people.slice(0, 10).map(({ key }) => `  ${shortText(personWords(key), 60)}`);
  const rest = people.length - shown.length;
  const further = rest > 0 ? [`  and ${number(rest)} more: devsync holds lists them`] : [];
  const held = counted(people.length, 'person is', 'people are');
  return `${[`${held} held: ${holdWords(reason).reason}.${destroys}`, ...shown, ...further].join('\n')}\n`;
}

export function renderReleased({ released, held, failed, left }: Released): string {
  const rest = left === 0 ? '' : `, ${number(left)} not looked at`;
  return `${number(released)} released, ${number(held)} held still, ${number(failed)} failed${rest}.\n`;
}

export function toReleasedJson(reason: HoldReason, { released, held, failed, left }: Released): unknown {
  return { reason, released, held, failed, notLookedAt: left };
}
