import { z } from 'zod';
import { combined } from '../../core/changes/combined.ts';
import { outcomeOf } from '../../core/changes/outcome.ts';
import { planKindOf, type PlanKind } from '../../core/changes/plan.ts';
import type { Change } from '../../core/model/change.ts';
import type { PersonKey } from '../../core/model/email.ts';
import type { Outcome } from '../../core/model/link.ts';
import { isReviewed } from '../../run/session.ts';
import type { ChangePage, Changes } from '../../state/changes.ts';
import type { Run } from '../../state/runs.ts';
import type { Services } from '../../wiring/services.ts';

/** Somebody whom a run changed, or whom a plan would change, with the values before and after. */
export interface ChangedPerson {
  readonly change: Change;
  readonly kind: PlanKind;
  readonly outcome: Outcome;
}

/** Whom to show: everyone who is like all that is given. */
export interface ChangedFilter {
  readonly kind?: PlanKind | undefined;
  readonly situation?: string | undefined;
  readonly outcome?: string | undefined;
  /** Part of the person's email, in any case. */
  readonly person?: string | undefined;
}

/** Behind which change a page begins. */
export type ChangedPlace = NonNullable<ChangePage['after']>;

export interface ChangedPage {
  readonly people: readonly ChangedPerson[];
  /** Where to go on: there may be more behind it. Undefined: there is no more. */
  readonly next: ChangedPlace | undefined;
}

interface Bounds {
  /** People of a page. */
  readonly length: number;
  /** People who are looked at for one page, whether or not they are shown. */
  readonly looked: number;
}

const readAtOnce = 200;

/** Where it is kept what a run would write, or has written (rules 34, 36). */
export function changesOf({ planned, changes }: Pick<Services, 'planned' | 'changes'>, run: Run): Changes {
  const waits = run.dryRun || (isReviewed(run) && run.state === 'held');
  return waits ? planned(run.runId) : changes;
}

/** One page of the people that the filter selects, each once, in an order that never changes. */
export async function pageOfChanged(
  changes: Changes,
  actor: string,
  filter: ChangedFilter,
  from: ChangedPlace | undefined,
  { length, looked }: Bounds,
): Promise<ChangedPage> {
  const people: ChangedPerson[] = [];
  let met = 0;
  const meet = (person: readonly [Change, ...Change[]]): void => {
    const change = combined(person);
    const one = { change, kind: planKindOf(change), outcome: outcomeOf(change.acts) };
    met += 1;
    if (isSelected(one, filter)) people.push(one);
  };
  let open: [Change, ...Change[]] | undefined;
  for (let after = from, isLast = false; !isLast;) {
    const page = await changes.by(actor, { after, limit: readAtOnce });
    isLast = page.length < readAtOnce;
    for (const change of page) {
      if (open?.[0].key === change.key) open.unshift(change);
      else {
        if (open !== undefined) meet(open);
        if (people.length === length || met === looked) return { people, next: after };
        open = [change];
      }
      after = placeOfChange(change);
    }
  }
  if (open !== undefined) meet(open);
  return { people, next: undefined };
}

function isSelected({ change, kind, outcome }: ChangedPerson, filter: ChangedFilter): boolean {
  return (
    (filter.kind === undefined || kind === filter.kind) &&
    (filter.situation === undefined || change.situation === filter.situation) &&
    (filter.outcome === undefined || outcome === filter.outcome) &&
    (filter.person === undefined || change.key.toLowerCase().includes(filter.person.toLowerCase()))
  );
}

function placeOfChange({ key, id }: Change): ChangedPlace {
  return { key, id };
}

export function changedPlaceText({ key, id }: ChangedPlace): string {
  return Buffer.from(JSON.stringify([key, id])).toString('base64url');
}

const storedPlace = z.tuple([z.string(), z.string().regex(/^[\w-]{1,100}$/u)]);

/** Undefined where the text is no place. */
export function changedPlaceOf(text: string): ChangedPlace | undefined {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  const parsed = storedPlace.safeParse(json);
  if (!parsed.success) return undefined;
  const [key, id] = parsed.data;
  return { key: key as PersonKey, id };
}
