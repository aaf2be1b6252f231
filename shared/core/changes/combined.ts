import type { Act, Acts, Change, FieldWrite, Side } from '../model/change.ts';

/**
 * Several changes of one person as one, the earliest first: the values before the first and behind the last. A field that
 * ended as it began is left out.
 */
export function combined(changes: readonly [Change, ...Change[]]): Change {
  const [first, ...later] = changes;
  let all = first;
  for (const change of later) {
    all = {
      ...change,
      acts: { portal: actOf('portal', all.acts, change.acts), apigee: actOf('apigee', all.acts, change.acts) },
      fields: joined(all.fields, change.fields),
      userId: change.userId ?? all.userId,
      developerId: change.developerId ?? all.developerId,
      destructive: all.destructive || change.destructive,
    };
  }
  return all;
}

function actOf(side: Side, { [side]: first }: Acts, { [side]: then }: Acts): Act | undefined {
  if (first === undefined || then === undefined) return first ?? then;
  if (first === 'created') return then === 'deleted' ? undefined : 'created';
  // Deleted, and made anew: what is there now is another one.
  return then;
}

function joined(first: readonly FieldWrite[], then: readonly FieldWrite[]): readonly FieldWrite[] {
  const fields = new Map(first.map((write) => [nameOf(write), write]));
  for (const write of then) {
    const earlier = fields.get(nameOf(write));
    fields.set(nameOf(write), earlier === undefined ? write : { ...write, before: earlier.before, held: earlier.held });
  }
  return [...fields.values()].filter(({ before, after }) => before !== after);
}

function nameOf({ side, field }: FieldWrite): string {
  return `${side} ${field}`;
}
