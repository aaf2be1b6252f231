import type { Outcome } from '../core/model/link.ts';
import type { ReportRow } from '../state/runs.ts';
import type { PersonResult } from '../sync/result.ts';

/** What a batch has done so far. */
export class BatchWork {
  readonly people: string[] = [];
  readonly outcomes: Outcome[] = [];
  readonly rows: ReportRow[] = [];
  readonly planned: string[] = [];

  /** `name`: how the batch calls the person (an email as listed, a key). */
  add(name: string, result: PersonResult): void {
    if (result.outcome === 'ignored') return;
    const { key, situation, outcome, reason, fields } = result;
    this.people.push(name);
    this.outcomes.push(outcome);
    if (outcome !== 'unchanged') this.rows.push({ key, situation, outcome, reason: reason.slice(0, 300), fields });
    if (result.disposition === 'planned') this.planned.push(key);
  }

  unchanged(name: string): void {
    this.people.push(name);
    this.outcomes.push('unchanged');
  }
}

/** Apigee refuses every call: the run cannot go on, and no person is to blame. */
export class AccessDenied extends Error {
  override readonly name = 'AccessDenied';
}
