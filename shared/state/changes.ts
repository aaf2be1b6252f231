import type { PersonKey } from '../core/model/email.ts';
import type { Change } from '../core/model/change.ts';

/**
 * What was changed, person by person (rule 34). Changes are written by `People.transact`, together with what they are
 * about. Implemented on Firestore and in memory; one contract. Failures of the store are thrown.
 */
export interface Changes {
  /**
   * What a run or an operator's action of this id changed, by person, and of each the newest first. `after`: the last change of the page
   * before.
   */
  by(actor: string, page: ChangePage): Promise<readonly Change[]>;
  /** What was changed for one person, newest first; `before`: only earlier than this change. */
  ofPerson(
    key: PersonKey,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<readonly Change[]>;
  /** Deletes all that is kept about one person; answers how many changes that were. */
  forget(key: PersonKey): Promise<number>;
}

export interface ChangePage {
  readonly after: Pick<Change, 'key' | 'id'> | undefined;
  readonly limit: number;
}

/** How long it is kept what a dry run would change, ms: for so long it may be applied (rule 36). */
export const plansKeptFor = 7 * 24 * 3_600_000;

const pageSize = 200;

/** All of them, read in pages. */
export async function* allBy(changes: Changes, actor: string): AsyncIterable<Change> {
  let after: ChangePage['after'];
  for (;;) {
    const page = await changes.by(actor, { after, limit: pageSize });
    yield* page;
    after = page.at(-1);
    if (page.length < pageSize) return;
  }
}

/** All of them, those of one person together, the earliest first. */
export async function* peopleChangedBy(changes: Changes, actor: string): AsyncIterable<readonly [Change, ...Change[]]> {
  let person: [Change, ...Change[]] | undefined;
  for await (const change of allBy(changes, actor)) {
    if (person !== undefined && person[0].key === change.key) person.unshift(change);
    else {
      if (person !== undefined) yield person;
      person = [change];
    }
  }
  if (person !== undefined) yield person;
}

/** All that is kept of one person, the earliest first; undefined: nothing is. */
export async function changesOfPerson(
  changes: Changes,
  key: PersonKey,
): Promise<readonly [Change, ...Change[]] | undefined> {
  const all: Change[] = [];
  for (let before: string | undefined, full = true; full; before = all.at(-1)?.id) {
    const page = await changes.ofPerson(key, { before, limit: pageSize });
    all.push(...page);
    full = page.length === pageSize;
  }
  const [first, ...later] = all.toReversed();
  return first === undefined ? undefined : [first, ...later];
}
