import type { Act, Change, FieldWrite, Side } from '../model/change.ts';

/**
 * Several changes of one person as one, the earliest first, so that undoing it is undoing each, the last one first (rule 35):
 * - The values before the first and behind the last. A field that ended as it began is left out.
 * - What somebody else did between two changes is not undone: a field that was not as the change before had left it, or a
 *   record that is another one by then, has only what came later.
 */
export function combined(changes: readonly [Change, ...Change[]]): Change {
  const last = changes.at(-1) ?? changes[0];
  const portal = onSide('portal', changes);
  const apigee = onSide('apigee', changes);
  return {
    ...last,
    acts: { portal: portal?.act, apigee: apigee?.act },
    fields: [...(portal?.fields ?? []), ...(apigee?.fields ?? [])].filter(({ before, after }) => before !== after),
    userId: portal?.id ?? last.userId,
    developerId: apigee?.id ?? last.developerId,
    destructive: changes.some(({ destructive }) => destructive),
  };
}

/** What becomes of one side. */
interface SideChange {
  readonly act: Act;
  readonly id: string | undefined;
  readonly mapping: string;
  readonly fields: readonly FieldWrite[];
}

function onSide(side: Side, changes: readonly Change[]): SideChange | undefined {
  let all: SideChange | undefined;
  for (const { acts, userId, developerId, mapping, fields } of changes) {
    const act = acts[side];
    if (act === undefined) continue;
    const id = side === 'portal' ? userId : developerId;
    const then = { act, id, mapping, fields: fields.filter((write) => write.side === side) };
    if (all === undefined || !follows(all, then)) all = then;
    else all = all.act === 'created' && act === 'deleted' ? undefined : joined(all, then);
  }
  return all;
}

/** Whether `then` is about the same record, and a record that `first` created is as it was left. */
function follows(first: SideChange, then: SideChange): boolean {
  if (first.act === 'deleted' || first.id !== then.id || first.mapping !== then.mapping) return false;
  return first.act !== 'created' || then.fields.every((write) => write.before === fieldIn(first, write)?.after);
}

function joined(first: SideChange, then: SideChange): SideChange {
  const untouched = first.fields.filter((write) => fieldIn(then, write) === undefined);
  const fields = then.fields.map((write) => {
    const earlier = fieldIn(first, write);
    if (earlier === undefined || earlier.after !== write.before) return write;
    return { ...write, before: earlier.before, held: earlier.held };
  });
  return { ...then, act: first.act === 'created' ? 'created' : then.act, fields: [...untouched, ...fields] };
}

function fieldIn({ fields }: SideChange, { field }: FieldWrite): FieldWrite | undefined {
  return fields.find((write) => write.field === field);
}
