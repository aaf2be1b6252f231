import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { combined } from '../../../../shared/core/changes/combined.ts';
import { restorable } from '../../../../shared/core/changes/undo-fields.ts';
import type { Change, FieldWrite } from '../../../../shared/core/model/change.ts';
import { withChanges, type Profile } from '../../../../shared/core/model/profile.ts';
import { change } from '../../state/changes-contract.ts';

const write = (before: string | undefined, after: string | undefined, field: FieldWrite['field'] = 'firstName') =>
  ({ side: 'apigee', field, before, after }) as const;
const onPortal = (before: string | undefined, after: string | undefined) =>
  ({ side: 'portal', field: 'firstName', before, after }) as const;
const acts = (apigee: Change['acts']['apigee'], portal?: Change['acts']['portal']): Change['acts'] => ({
  portal,
  apigee,
});

describe('several changes of one person as one', () => {
  test('have the values before the first and behind the last', () => {
    const all = combined([change({ fields: [write('a', 'b')] }), change({ fields: [write('b', 'c')] })]);
    expect(all.fields).toEqual([write('a', 'c')]);
  });

  test('leave out a field that ended as it began', () => {
    expect(combined([change({ fields: [write('a', 'b')] }), change({ fields: [write('b', 'a')] })]).fields).toEqual([]);
  });

  test('of a record that was created and then changed are a creation', () => {
    const created = change({ acts: acts('created'), fields: [write(undefined, 'a')] });
    const all = combined([created, change({ fields: [write('a', 'b')] })]);
    expect(all.acts.apigee).toBe('created');
    expect(all.fields).toEqual([write(undefined, 'b')]);
  });

  test('of a record that was created and then deleted are nothing', () => {
    const created = change({ acts: acts('created'), fields: [write(undefined, 'a')] });
    const all = combined([created, change({ acts: acts('deleted'), fields: [write('a', undefined)] })]);
    expect(all.acts).toEqual(acts(undefined));
    expect(all.fields).toEqual([]);
  });

  test('have only what came behind a value that somebody else set in between', () => {
    const all = combined([change({ fields: [write('a', undefined)] }), change({ fields: [write('theirs', 'c')] })]);
    expect(all.fields).toEqual([write('theirs', 'c')]);
  });

  test('have that even where the product had set the field back before', () => {
    const back = [change({ fields: [write('a', 'b')] }), change({ fields: [write('b', 'a')] })] as const;
    const all = combined([...back, change({ fields: [write('theirs', 'c')] })]);
    expect(all.fields).toEqual([write('theirs', 'c')]);
  });

  test.each<[string, Partial<Change>]>([
    ['another developer', { developerId: 'made by somebody' }],
    ['a developer who was not known then', { developerId: undefined }],
    ['the same developer by another mapping', { mapping: 'another' }],
  ])('are no creation where what was changed then was %s', (_, other) => {
    const created = change({
      acts: acts('created'),
      fields: [write(undefined, 'a'), write(undefined, 'x', 'lastName')],
    });
    const all = combined([created, change({ fields: [write('a', 'b')], ...other })]);
    expect(all).toMatchObject({ acts: acts('updated'), fields: [write('a', 'b')] });
    expect(all.developerId).toBe('developerId' in other ? other.developerId : created.developerId);
  });

  test.each<[string, FieldWrite]>([
    ['a field', write('theirs', 'b')],
    ['a field that it was created without', write('theirs', 'b', 'attributes.team')],
  ])('are no creation where somebody had changed %s of it before the next', (_, then) => {
    const created = change({ acts: acts('created'), fields: [write(undefined, 'a')] });
    const all = combined([created, change({ fields: [then] })]);
    expect(all).toMatchObject({ acts: acts('updated'), fields: [then] });
  });

  test('have each side with the record that was written there', () => {
    const made = change({ acts: acts(undefined, 'created'), userId: 'made', fields: [onPortal(undefined, 'a')] });
    const all = combined([made, change({ userId: 'another', fields: [write('a', 'b')] })]);
    expect(all).toMatchObject({ acts: acts('updated', 'created'), userId: 'made' });
  });

  test('begin anew with what was made behind a deletion', () => {
    const deleted = change({ acts: acts(undefined, 'deleted'), fields: [onPortal('a', undefined)] });
    const all = combined([deleted, change({ acts: acts(undefined, 'created'), fields: [onPortal(undefined, 'a')] })]);
    expect(all).toMatchObject({ acts: acts(undefined, 'created'), fields: [onPortal(undefined, 'a')] });
  });

  test('are a deletion if one of them is', () => {
    expect(combined([change({ destructive: true }), change()]).destructive).toBe(true);
  });

  const value = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined });
  const step = fc.record({ isOurs: fc.boolean(), field: fc.constantFrom('attributes.x', 'attributes.y'), to: value });

  test('are undone as one as each would be by itself, the last one first', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        let now: Profile = { firstName: 'A', lastName: 'B', status: 'active', attributes: new Map() };
        const changes: Change[] = [];
        for (const [nth, { isOurs, field, to: ours }] of steps.entries()) {
          // What looks as it was left cannot be told from what nobody touched.
          const to = isOurs ? ours : `theirs ${String(nth)}`;
          const before = now.attributes.get(field.slice('attributes.'.length));
          if (before === to) continue;
          now = withChanges(now, [{ field: field, value: to }]);
          if (isOurs) changes.push(change({ fields: [write(before, to, field)] }));
        }
        const [first, ...later] = changes;
        if (first === undefined) return;
        const undo = (profile: Profile, { fields }: Change): Profile =>
          withChanges(profile, restorable('apigee', fields, profile, { portal: { kind: 'absent' } }).changes);
        expect(undo(now, combined([first, ...later]))).toEqual(changes.toReversed().reduce(undo, now));
      }),
    );
  });
});
