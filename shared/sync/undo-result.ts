import type { UndoPlan } from '../core/changes/undo.ts';
import type { Kept } from '../core/changes/undo-fields.ts';
import type { Side } from '../core/model/change.ts';
import type { Subject } from '../core/model/decision.ts';
import type { PersonKey } from '../core/model/email.ts';
import { isSameAct } from '../core/model/link.ts';
import type { WrittenField } from '../core/model/profile.ts';
import type { SyncDeps } from './deps.ts';
import type { PersonResult } from './result.ts';

/** What became of one person whose change was to be undone. */
export interface Undone {
  readonly result: PersonResult;
  /** What is as before the change; `record`: what the change had created is deleted again. */
  readonly restored: readonly UndoneField[];
  readonly kept: readonly Kept[];
}

export interface UndoneField {
  readonly side: Side;
  readonly field: WrittenField | 'record';
}

/** What was written, as told. */
export function doneOf({ by }: SyncDeps, subject: Subject, plan: UndoPlan): Undone {
  const { restored, end, apigee } = plan;
  const { again, kept } = splitKept(by, subject, plan);
  const fields: readonly UndoneField[] =
    end.kind === 'removed'
      ? [{ side: end.side, field: 'record' }]
      : restored.map(({ side, field }) => ({ side, field }));
  const result: PersonResult = {
    key: subject.key,
    situation: 'undone',
    outcome: apigee.length > 0 ? 'updated-apigee' : 'updated-portal',
    reason: `an earlier change is undone${kept.length === 0 ? '' : `, but for: ${keptWords(kept)}`}`,
    fields: end.kind === 'removed' ? ['deleted'] : [...new Set(restored.map(({ field }) => field))],
    disposition: 'final',
  };
  return { result, restored: [...again, ...fields], kept };
}

/** Nothing is to be written: because everything is kept, or because this very act has undone it before. */
export function nothingLeft({ by }: SyncDeps, subject: Subject, plan: UndoPlan): Undone {
  const { link, key } = subject;
  const { again, kept } = splitKept(by, subject, plan);
  const last = isUndoneBy(by, link) ? link?.last : undefined;
  if (last !== undefined) {
    const { outcome, reason, fields } = last;
    const isRemoved = fields.includes('deleted');
    const gone = kept.filter(({ field }) => field === 'record');
    return {
      result: { key, situation: 'undone', outcome, reason, fields, disposition: 'final' },
      restored: isRemoved ? gone.map(({ side, field }) => ({ side, field })) : again,
      kept: isRemoved ? kept.filter(({ field }) => field !== 'record') : kept,
    };
  }
  const reason = kept.length === 0 ? 'there is nothing to undo' : `nothing is undone: ${keptWords(kept)}`;
  return only({ key, situation: 'undone', outcome: 'unchanged', reason, fields: [], disposition: 'final' }, kept);
}

/** What this act has put back before, in a delivery that came earlier, is no less undone by it. */
function splitKept(
  by: SyncDeps['by'],
  { link }: Subject,
  { kept }: UndoPlan,
): { readonly again: readonly UndoneField[]; readonly kept: readonly Kept[] } {
  if (!isUndoneBy(by, link)) return { again: [], kept };
  const again = kept.filter(({ isAsBefore }) => isAsBefore === true).map(({ side, field }) => ({ side, field }));
  return { again, kept: kept.filter(({ isAsBefore }) => isAsBefore !== true) };
}

function isUndoneBy(by: SyncDeps['by'], link: Subject['link']): boolean {
  const last = link?.last;
  return last !== undefined && last.situation === 'undone' && last.outcome !== 'failed' && isSameAct(last.by, by);
}

function keptWords(kept: readonly Kept[]): string {
  return kept.map(({ side, field, why }) => `${side} ${field}: ${why}`).join('; ');
}

export function only(result: PersonResult, kept: readonly Kept[] = []): Undone {
  return { result, restored: [], kept };
}

/** Nothing that the act changed for the person is kept. */
export function nothingToUndo(key: PersonKey): Undone {
  const reason = 'nothing is kept of what was changed: there is nothing to undo';
  return only({ key, situation: 'undone', outcome: 'unchanged', reason, fields: [], disposition: 'final' });
}
