import type { PersonKey } from '../core/model/email.ts';
import type { Batch, BatchResult, Listed, ListingPart } from './batch.ts';

/** Who is to be forgotten, and what takes their place. */
export interface Forgetting {
  /** Whether an email, in any spelling, or a key is theirs. */
  readonly isMeant: (person: string) => boolean;
  /** Whether a longer text has their email in it. */
  readonly isMentioned: (text: string) => boolean;
  readonly standIn: PersonKey;
}

/**
 * The batch without the person (rule 37): `standIn` takes their place, so that the counts of the run still add up.
 * Undefined where the batch does not name them. For runs that are over: where a walk goes on is lost.
 */
export function forgottenInBatch(batch: Batch, forgetting: Forgetting): Batch | undefined {
  const { isMeant, isMentioned, standIn } = forgetting;
  const other = <T extends string>(person: T): T | PersonKey => (isMeant(person) ? standIn : person);
  const text = (value: string | undefined): string | undefined => (value === undefined ? undefined : other(value));
  const result = batch.result && forgottenInResult(batch.result, forgetting);
  const withoutInPart = (part: ListingPart): ListingPart =>
    part.kind === 'page'
      ? { ...part, first: text(part.first), last: text(part.last) }
      : { ...part, from: text(part.from), to: text(part.to) };
  const withoutInListed = ({ end, marks, ...rest }: Listed): Listed => ({
    ...rest,
    marks: marks.map(other),
    end: end?.kind === 'closed' ? { ...end, next: text(end.next) } : end,
  });
  const next = withPage();
  return JSON.stringify(next) === JSON.stringify(batch) ? undefined : next;

  function withPage(): Batch {
    switch (batch.phase) {
      case 'portal':
        return { ...batch, result };
      case 'apigee':
        return {
          ...batch,
          people: batch.people.map(other),
          part: withoutInPart(batch.part),
          listed: batch.listed && withoutInListed(batch.listed),
          result,
        };
      case 'links': {
        const next = batch.next !== undefined && isMentioned(batch.next) ? '' : batch.next;
        return { ...batch, people: batch.people.map(other), next, result };
      }
      case 'destructive':
        return { ...batch, people: batch.people.map(other), result };
    }
  }
}

function forgottenInResult(result: BatchResult, { isMeant, standIn }: Forgetting): BatchResult {
  const other = <T extends string>(person: T): T | PersonKey => (isMeant(person) ? standIn : person);
  return {
    ...result,
    people: result.people.map(other),
    rows: result.rows.map((row) => (isMeant(row.key) ? { ...row, key: standIn } : row)),
    planned: result.planned.map(other),
    uncreated: result.uncreated.map(other),
  };
}
