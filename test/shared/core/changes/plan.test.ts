import { describe, expect, test } from 'vitest';
import { isAsPlanned, planKindOf, planText } from '../../../../shared/core/changes/plan.ts';
import type { Change } from '../../../../shared/core/model/change.ts';
import { change } from '../../state/changes-contract.ts';

const { id: _id, by: _by, at: _at, ...note } = change();

describe('what would be done is as planned (rule 36)', () => {
  test('where the same is written to the same records for the same cause', () => {
    expect(isAsPlanned(change(), note)).toBe(true);
    const fields = [...change().fields, { side: 'portal', field: 'lastName', before: 'a', after: 'b' } as const];
    expect(isAsPlanned(change({ fields }), { ...note, fields: fields.toReversed() })).toBe(true);
  });

  test.each<[string, Partial<Change>]>([
    ['situation', { situation: 'conflict' }],
    ['acts', { acts: { portal: 'updated', apigee: 'updated' } }],
    ['portal user', { userId: 'another' }],
    ['developer', { developerId: 'another' }],
    ['mapping', { mapping: 'another' }],
    ['whether it is a deletion that is passed on', { destructive: true }],
    ['value before', { fields: [{ side: 'apigee', field: 'firstName', before: 'Else', after: 'Anna' }] }],
    ['value after', { fields: [{ side: 'apigee', field: 'firstName', before: 'Ann', after: 'Else' }] }],
    ['side', { fields: [{ side: 'portal', field: 'firstName', before: 'Ann', after: 'Anna' }] }],
    ['field', { fields: [{ side: 'apigee', field: 'lastName', before: 'Ann', after: 'Anna' }] }],
    ['number of fields', { fields: [] }],
  ])('not where the %s is another, and then the hash of the plan is another, too', (_, other) => {
    expect(isAsPlanned(change(), { ...note, ...other })).toBe(false);
    expect(planText(change(other))).not.toBe(planText(change()));
  });

  test('not where nothing would be done', () => {
    expect(isAsPlanned(change(), undefined)).toBe(false);
  });

  test('whatever id a record will have that is created', () => {
    const created = { acts: { portal: 'created', apigee: undefined } } as const;
    expect(isAsPlanned(change({ ...created, userId: 'a' }), { ...note, ...created, userId: 'b' })).toBe(true);
    expect(planText(change({ ...created, userId: 'a' }))).toBe(planText(change({ ...created, userId: 'b' })));
  });
});

test('the kind of a planned change is the gravest thing that it does', () => {
  const status = (side: 'portal' | 'apigee', after: string) =>
    ({ side, field: 'status', before: 'active', after }) as const;
  const updated = { acts: { portal: undefined, apigee: 'updated' } } as const;
  expect(planKindOf(change())).toBe('update');
  expect(planKindOf({ ...updated, fields: [status('apigee', 'inactive')] })).toBe('deactivate');
  expect(planKindOf({ ...updated, fields: [status('portal', 'inactive')] })).toBe('update');
  expect(planKindOf({ acts: { portal: undefined, apigee: 'created' }, fields: [status('apigee', 'inactive')] })).toBe(
    'create',
  );
  expect(planKindOf({ acts: { portal: 'deleted', apigee: 'updated' }, fields: [] })).toBe('delete');
});
