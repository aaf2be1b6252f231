import { describe, expect, test } from 'vitest';
import { planUndo, type UndoPlan } from '../../../shared/core/changes/undo.ts';
import type { Change, FieldWrite, Side } from '../../../shared/core/model/change.ts';
import { newLink, type Link } from '../../../shared/core/model/link.ts';
import type { Developer, PortalUser } from '../../../shared/core/model/profile.ts';
import { ann, developerOf, policyOf, profileOf, userOf } from './world.ts';

const change: Change = {
  id: 'c1',
  key: ann,
  by: { kind: 'push' },
  at: 1,
  situation: 'portal-changed',
  reason: 'why',
  userId: 'doc-ann',
  developerId: 'dev-1',
  mapping: 'm1',
  destructive: false,
  acts: { portal: undefined, apigee: undefined },
  fields: [],
};

const inStep: Link = {
  ...newLink(ann),
  presence: 'both',
  userId: 'doc-ann',
  developer: { email: ann, developerId: 'dev-1', modifiedAt: 1000 },
  base: { portal: profileOf(), developer: profileOf(), mapping: 'm1' },
};

const write = (
  side: Side,
  field: FieldWrite['field'],
  before: string | undefined,
  after: string | undefined,
): FieldWrite => ({
  side,
  field,
  before,
  after,
});

interface Now {
  readonly user?: PortalUser | undefined;
  readonly developer?: Developer | undefined;
  readonly link?: Link | undefined;
  readonly hasApps?: boolean;
}

function plan(acts: Change['acts'], fields: readonly FieldWrite[], now: Now = {}, of: Partial<Change> = {}): UndoPlan {
  const { user, developer, link, hasApps = false } = { user: userOf(), developer: developerOf(), link: inStep, ...now };
  return planUndo(
    {
      key: ann,
      portal: user === undefined ? { kind: 'absent' } : { kind: 'user', user, email: ann },
      developer: developer === undefined ? { kind: 'absent' } : { kind: 'developer', developer },
      link,
      rivals: [],
      renameTarget: 'free',
    },
    { ...change, acts, fields, ...of },
    { hasApps },
    policyOf(),
  );
}

const inApigee = { portal: undefined, apigee: 'updated' } as const;
const onPortal = { portal: 'updated', apigee: undefined } as const;
const whys = ({ kept }: UndoPlan): readonly string[] => kept.map(({ field, why }) => `${field}: ${why}`);

describe('what an undo does (rule 35)', () => {
  test('a field that is as it was left gets the value before, everything else of the PUT is as it is (rules 13, 30)', () => {
    const others = { members: { accessType: 'full' }, entries: [] };
    const attributes = new Map([
      ['MINT_PLAN', 'basic'],
      ['tier', 'gold'],
      ['added', 'x'],
    ]);
    const developer = developerOf({ firstName: 'Annie' }, { attributes, others });
    const fields = [
      write('apigee', 'firstName', 'Ann', 'Annie'),
      write('apigee', 'attributes.added', undefined, 'x'),
      write('apigee', 'attributes.gone', 'y', undefined),
    ];
    const { apigee, restored, end } = plan(inApigee, fields, { developer });
    expect(apigee).toEqual([
      {
        kind: 'update',
        email: ann,
        developer: {
          email: ann,
          userName: 'ann',
          firstName: 'Ann',
          lastName: 'Lee',
          attributes: new Map([
            ['MINT_PLAN', 'basic'],
            ['tier', 'gold'],
            ['gone', 'y'],
          ]),
          others,
        },
      },
    ]);
    expect(restored).toHaveLength(3);
    expect(restored).toContainEqual(write('apigee', 'firstName', 'Annie', 'Ann'));
    expect(end).toEqual({ kind: 'restored' });
  });

  test('each field by itself: one that moved on stays, and so does one that is as before', () => {
    const developer = developerOf({ firstName: 'Annie', lastName: 'Smith', attributes: new Map([['tier', 'gold']]) });
    const fields = [
      write('apigee', 'firstName', 'Ann', 'Annie'),
      write('apigee', 'lastName', 'Lee', 'Leigh'),
      write('apigee', 'attributes.tier', 'gold', 'silver'),
    ];
    const undo = plan(inApigee, fields, { developer });
    expect(undo.restored.map(({ field }) => field)).toEqual(['firstName']);
    expect(whys(undo)).toEqual([
      'lastName: it has been changed since',
      'attributes.tier: it is as it was before already',
    ]);
  });

  test.each([
    ['email', 'an email change is not undone'],
    ['userName', 'a user name is not undone'],
  ] as const)('%s is kept', (field, why) => {
    expect(whys(plan(inApigee, [write('apigee', field, 'before', 'after')]))[0]).toContain(why);
  });

  test('a name is never removed', () => {
    for (const [acts, side] of [
      [inApigee, 'apigee'],
      [onPortal, 'portal'],
    ] as const) {
      const undo = plan(acts, [write(side, 'firstName', undefined, 'Ann')]);
      expect(whys(undo)).toEqual(['firstName: a name cannot be removed']);
      expect(undo.end.kind).toBe('as-is');
    }
  });

  test.each([
    ['active', 'inactive', 'inactive', { kind: 'set-status', email: ann, status: 'active' }],
    ['active', 'inactive', 'active', undefined],
    ['pending', 'active', 'active', undefined],
    [undefined, 'active', 'active', undefined],
  ] as const)('a status that was %s and was set to %s, now %s', (before, after, status, step) => {
    const undo = plan(inApigee, [write('apigee', 'status', before, after)], { developer: developerOf({ status }) });
    expect(undo.apigee).toEqual(step === undefined ? [] : [step]);
    expect(undo.kept).toHaveLength(step === undefined ? 1 : 0);
  });

  test('on the portal, profile and status are put back one after the other', () => {
    const user = userOf({ firstName: 'Annie', status: 'inactive' });
    const fields = [write('portal', 'firstName', 'Ann', 'Annie'), write('portal', 'status', 'active', 'inactive')];
    const undo = plan(onPortal, fields, { user });
    expect(undo.portal).toEqual({ kind: 'update', id: 'doc-ann', changes: [{ field: 'firstName', value: 'Ann' }] });
    expect(undo.isPart).toBe(true);
    const then = plan(onPortal, fields, { user: userOf({ status: 'inactive' }) });
    expect(then.portal).toEqual({ kind: 'set-status', id: 'doc-ann', status: 'active' });
    expect(then.isPart).toBe(false);
  });

  test('an attribute that the portal cannot take is kept (rule 18)', () => {
    const field = `attributes.${'x'.repeat(1025)}` as const;
    const undo = plan(onPortal, [write('portal', field, 'v', undefined)]);
    expect(undo.portal).toBeUndefined();
    expect(undo.kept[0]?.why).toContain('at most 1024 bytes');
  });

  test('a developer without a name gets no PUT (rule 18)', () => {
    const developer = developerOf({ firstName: 'Annie', lastName: undefined });
    const undo = plan(inApigee, [write('apigee', 'firstName', 'Ann', 'Annie')], { developer });
    expect(undo.apigee).toEqual([]);
    expect(undo.kept[0]?.why).toContain('lastName missing');
  });

  test('with another mapping, nothing is undone', () => {
    const undo = plan(inApigee, [write('apigee', 'firstName', 'Ann', 'Ann')], {}, { mapping: 'm0' });
    expect(whys(undo)).toEqual(['record: the mapping has changed since']);
  });

  test('without a base, nothing that stands on both sides is undone', () => {
    const undo = plan(inApigee, [write('apigee', 'firstName', 'Anna', 'Ann')], {
      link: { ...inStep, base: undefined },
    });
    expect(whys(undo)[0]).toContain('have not been in step since');
  });

  test('another record than the one that was written is left alone', () => {
    const fields = [write('apigee', 'firstName', 'Anna', 'Ann'), write('portal', 'firstName', 'Anna', 'Ann')];
    const both = { portal: 'updated', apigee: 'updated' } as const;
    const undo = plan(both, fields, {}, { userId: 'doc-bob', developerId: 'dev-2' });
    expect(whys(undo)).toEqual([
      'record: the portal user is another one by now',
      'record: the developer is another one by now',
    ]);
    expect(whys(plan(both, fields, { user: undefined, developer: undefined }))).toEqual([
      'record: there is no portal user any more',
      'record: Apigee does not find the developer: if there is one, undo it once more',
    ]);
  });

  test('who was deleted does not come back', () => {
    expect(whys(plan({ portal: undefined, apigee: 'deleted' }, []))[0]).toContain('apps and keys');
    expect(whys(plan({ portal: 'deleted', apigee: undefined }, []))[0]).toContain('register again');
  });
});

describe('undoing a creation (rule 35)', () => {
  const asCreated = (side: Side): readonly FieldWrite[] => [
    write(side, 'email', undefined, ann),
    write(side, 'userName', undefined, 'ann'),
    write(side, 'firstName', undefined, 'Ann'),
    write(side, 'lastName', undefined, 'Lee'),
    write(side, 'status', undefined, 'active'),
  ];
  const developerMade = { portal: undefined, apigee: 'created' } as const;
  const userMade = { portal: 'created', apigee: undefined } as const;
  const fresh = userOf({}, { passwordResetRequired: true });

  test('a developer as created is deleted', () => {
    const undo = plan(developerMade, asCreated('apigee'));
    expect(undo.apigee).toEqual([{ kind: 'delete', email: ann }]);
    expect(undo.end).toEqual({ kind: 'removed', side: 'apigee' });
    expect(undo.restored).toContainEqual(write('apigee', 'firstName', 'Ann', undefined));
  });

  test.each<[string, Now]>([
    ['has apps', { hasApps: true }],
    ['has another name', { developer: developerOf({ firstName: 'Annie' }) }],
    ['is inactive', { developer: developerOf({ status: 'inactive' }) }],
    ['has another attribute', { developer: developerOf({ attributes: new Map([['tier', 'gold']]) }) }],
    ['has an attribute that is not selected', { developer: developerOf({ attributes: new Map([['MINT_X', 'y']]) }) }],
  ])('a developer who %s is kept, with what to do', (_, now) => {
    const undo = plan(developerMade, asCreated('apigee'), now);
    expect(undo.apigee).toEqual([]);
    expect(undo.kept[0]?.why).toContain('devsync developers deactivate EMAIL');
  });

  test('a portal user as created is deleted', () => {
    const undo = plan(userMade, asCreated('portal'), { user: fresh });
    expect(undo.portal).toEqual({ kind: 'delete', id: 'doc-ann' });
    expect(undo.end).toEqual({ kind: 'removed', side: 'portal' });
  });

  test.each<[string, PortalUser, string]>([
    ['has chosen a password', userOf({}, { passwordResetRequired: false }), 'a password has been chosen'],
    ['may have chosen a password', userOf(), 'names no passwordResetRequired'],
    ['has another name', userOf({ lastName: 'X' }, { passwordResetRequired: true }), 'changed since'],
    ['is another one', userOf({}, { passwordResetRequired: true, id: 'doc-bob' }), 'another one by now'],
  ])('a portal user who %s is kept', (_, user, why) => {
    const undo = plan(userMade, asCreated('portal'), { user });
    expect(undo.portal).toBeUndefined();
    expect(undo.kept[0]?.why).toContain(why);
  });
});
