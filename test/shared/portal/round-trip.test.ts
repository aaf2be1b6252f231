import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { policyOf } from '../../../shared/config/policy-of.ts';
import type { CanonicalEmail } from '../../../shared/core/model/email.ts';
import { planEdit } from '../../../shared/operator/actions/plan-edit.ts';
import { readPortalUser } from '../../../shared/portal/read-user.ts';
import { inProcess, type InProcess } from '../../support/in-process.ts';
import { manualClock } from '../../support/manual-clock.ts';

const email = 'grace@example.com';
const created = Date.UTC(2024, 0, 2, 3, 4, 5);

/** As Firestore's client hands it over. */
class Timestamp {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
  toMillis(): number {
    return this.ms;
  }
}

interface Form {
  readonly name: string;
  /** Of the attribute, one by one; undefined: the attributes are one map. */
  readonly entry?: object;
  readonly value: unknown;
  readonly text: string;
  /** What somebody sets in Apigee, and what the portal then holds. */
  readonly edit: string;
  readonly written: unknown;
}

const later = '2025-06-07T08:09:10.000Z';
const laterMs = Date.parse(later);

const forms: readonly Form[] = [
  { name: 'text', value: 'gold', text: 'gold', edit: '5', written: '5' },
  { name: 'a number', value: 5, text: '5', edit: '6', written: 6 },
  { name: 'a number in another spelling', value: 5, text: '5', edit: '6.0', written: 6 },
  { name: 'a fraction', value: -0.25, text: '-0.25', edit: '1.5e1', written: 15 },
  { name: 'a boolean', value: true, text: 'true', edit: 'False', written: false },
  { name: 'a list', value: ['a', 1], text: '["a",1]', edit: '["b"]', written: ['b'] },
  {
    name: 'a map',
    value: { b: null, a: { c: true } },
    text: '{"a":{"c":true},"b":null}',
    edit: '{"b": 1}',
    written: { b: 1 },
  },
  {
    name: 'a Date',
    value: new Date(created),
    text: '2024-01-02T03:04:05.000Z',
    edit: later,
    written: new Date(laterMs),
  },
  {
    name: 'a timestamp',
    value: new Timestamp(created),
    text: '2024-01-02T03:04:05.000Z',
    edit: '2025-06-07T08:09:10Z',
    written: new Date(laterMs),
  },
  { name: 'a declared number', entry: { type: 'number' }, value: 5, text: '5', edit: ' 07 ', written: 7 },
  { name: 'a number kept as text', entry: { type: 'number' }, value: '5', text: '5', edit: '6', written: '6' },
  {
    name: 'a boolean kept as text',
    entry: { type: 'boolean' },
    value: 'TRUE',
    text: 'true',
    edit: 'false',
    written: 'false',
  },
  { name: 'JSON', entry: { type: 'json' }, value: 'a', text: '"a"', edit: '[1]', written: [1] },
  {
    name: 'words for values',
    entry: { values: { gold: [1, 'g'], silver: 2 } },
    value: 'g',
    text: 'gold',
    edit: 'silver',
    written: 2,
  },
  { name: 'trimmed text', entry: { trim: true }, value: ' gold ', text: 'gold', edit: ' tin ', written: 'tin' },
  ...(
    [
      ['milliseconds', created, laterMs],
      ['seconds', created / 1000, laterMs / 1000],
      ['milliseconds in text', String(created), String(laterMs)],
      ['seconds in text', String(created / 1000), String(laterMs / 1000)],
      ['ISO 8601 with a zone', '2024-01-02T04:04:05+01:00', later],
      ['what Firebase Authentication writes', 'Tue, 02 Jan 2024 03:04:05 GMT', 'Sat, 07 Jun 2025 08:09:10 GMT'],
      ['what Date.toString writes', 'Tue Jan 02 2024 03:04:05 GMT+0000 (Coordinated Universal Time)', later],
      [
        'a timestamp that became JSON',
        { seconds: created / 1000, nanoseconds: 0 },
        { seconds: laterMs / 1000, nanoseconds: 0 },
      ],
      [
        'a timestamp that the Admin SDK made JSON',
        { _seconds: created / 1000, _nanoseconds: 0 },
        { _seconds: laterMs / 1000, _nanoseconds: 0 },
      ],
    ] as const
  ).map(([name, value, written]) => ({
    name: `a time as ${name}`,
    entry: { type: 'time' },
    value,
    text: '2024-01-02T03:04:05.000Z',
    edit: '2025-06-07T08:09:10Z',
    written,
  })),
];

interface Shape {
  readonly mapping: object;
  readonly attributesOf: (value: unknown) => object;
}

function shapesFor({ entry }: Form): readonly Shape[] {
  if (entry !== undefined)
    return [
      {
        mapping: { attributes: { it: { path: 'plan.it', ...entry } } },
        attributesOf: (it) => ({ plan: { other: [1], it } }),
      },
    ];
  return [
    { mapping: {}, attributesOf: (it) => ({ attributes: { it, MINT_own: { kept: 1 } } }) },
    {
      mapping: { attributesAs: 'list' },
      attributesOf: (value) => ({
        attributes: [
          { name: '_apiportal_x', value: { kept: 1 } },
          { name: 'it', value, label: 'kept, too' },
        ],
      }),
    },
  ];
}

function worldWith(mapping: object): InProcess & { later(): void } {
  const clock = manualClock(Date.UTC(2026, 0, 1));
  const world = inProcess({ clock, env: { PORTAL_MAPPING: JSON.stringify(mapping) } });
  return { ...world, later: () => clock.advance(3_600_000) };
}

async function expectStill(world: InProcess): Promise<void> {
  for (const mode of ['incremental', 'full'] as const) {
    const { totals } = await world.run({ mode });
    expect(totals).toMatchObject({ counts: { failed: 0, held: 0 }, traffic: { writes: 0 } });
  }
}

function setInApigee(world: InProcess, change: { readonly firstName?: string; readonly it?: string }): void {
  const [one] = world.developers.all();
  if (one === undefined) throw new Error('there is no developer');
  const attributes = new Map(one.attributes);
  if (change.it !== undefined) attributes.set('it', change.it);
  const lastModifiedAt = world.services.clock.now();
  world.developers.seed({ ...one, attributes, firstName: change.firstName ?? one.firstName ?? '', lastModifiedAt });
}

const cases = forms.flatMap((form) => shapesFor(form).map((shape) => ({ name: form.name, form, shape })));

test.each(cases)(
  'an attribute held as $name goes to Apigee as text, comes back as what it was, and a second run writes nothing',
  async ({ form, shape }) => {
    const { mapping, attributesOf } = shape;
    const world = worldWith(mapping);
    const document = (value: unknown): object => ({
      email,
      firstName: 'Grace',
      lastName: 'Hopper',
      ...attributesOf(value),
      kept: [{}],
    });
    world.database.putPortalDocument('g', { ...document(form.value) });
    await world.run();
    expect(world.developers.all()).toMatchObject([{ attributes: new Map([['it', form.text]]) }]);
    expect(world.user('g')).toEqual(document(form.value));
    await expectStill(world);

    world.later();
    setInApigee(world, { it: form.edit });
    world.later();
    expect((await world.run()).totals?.counts).toMatchObject({ updated: { portal: 1, apigee: 0 } });
    expect(world.user('g')).toEqual(document(form.written));
    expect(world.developers.all()).toMatchObject([{ attributes: new Map([['it', form.edit]]) }]);
    await expectStill(world);

    world.later();
    world.database.putPortalDocument('g', { ...document(form.value) });
    await world.push('g');
    expect(world.developers.all()).toMatchObject([{ attributes: new Map([['it', form.text]]) }]);
    expect(world.user('g')).toEqual(document(form.value));
    await expectStill(world);
  },
);

test.each(cases.filter(({ form }) => form.entry !== undefined))(
  'a portal user made from a developer holds $name as the mapping says, and a second run writes nothing',
  async ({ form, shape }) => {
    const world = worldWith(shape.mapping);
    world.developers.seed({ email, firstName: 'Grace', lastName: 'Hopper', attributes: new Map([['it', form.edit]]) });
    await world.run();
    const [made] = world.database.portalDocuments();
    const held = made?.data['plan'];
    const isTime = (form.entry as { readonly type?: string }).type === 'time';
    const asNew = form.name.endsWith('kept as text') ? JSON.parse(form.edit) : form.written;
    expect(held).toEqual({ it: isTime ? new Date(laterMs) : asNew });
    await expectStill(world);
  },
);

const word = fc.constantFrom('Grace', 'van', 'der', 'Berg', 'Jr.', 'O’Neil', '名', 'de la', 'X Æ');
const names = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));

test.each(['given-first', 'family-first'] as const)(
  'one display name, %s: an edit on either side arrives whole, and a second run writes nothing',
  { timeout: 60_000 },
  async (order) => {
    const entry = (split: string) => ({ path: 'displayName', split, order });
    const mapping = { firstName: entry('first'), lastName: { ...entry('last'), default: '–' } };
    const join = (first: string, last: string): string =>
      order === 'family-first' ? `${last} ${first}` : `${first} ${last}`;
    await fc.assert(
      fc.asyncProperty(names, names, names, names, fc.boolean(), async (first, last, newFirst, display, fromApigee) => {
        const world = worldWith(mapping);
        const document = { email, displayName: join(first, last), other: { kept: 1 } };
        if (fromApigee) world.developers.seed({ email, firstName: first, lastName: last });
        else world.database.putPortalDocument('g', document);
        await world.run();
        const [made] = world.database.portalDocuments();
        expect(made?.data['displayName']).toBe(join(first, last));
        await expectStill(world);

        world.later();
        setInApigee(world, { firstName: newFirst });
        world.later();
        await world.run();
        const [now] = world.developers.all();
        expect(world.user(made?.id ?? '')).toMatchObject({ displayName: join(newFirst, now?.lastName ?? '') });
        await expectStill(world);

        world.later();
        world.database.putPortalDocument(made?.id ?? '', { ...document, displayName: `${display} Last` });
        await world.push(made?.id ?? '');
        const [pushed] = world.developers.all();
        expect(join(pushed?.firstName ?? '', pushed?.lastName ?? '')).toBe(`${display} Last`);
        await expectStill(world);
      }),
      { numRuns: 20 },
    );
  },
);

test('an operator’s edit takes the form of the portal’s field, or is refused with what it must be', async () => {
  const world = worldWith({ attributes: { seats: { path: 'seats', type: 'number' } } });
  world.database.putPortalDocument('g', { email, firstName: 'Grace', lastName: 'Hopper', seats: 5 });
  await world.run();
  const edit = (value: string) => {
    const policy = policyOf(world.services.config);
    const [developer] = world.developers.all();
    const reading = readPortalUser(
      { id: 'g', data: world.user('g'), updatedAt: 1, version: 'v' },
      world.services.config.portal.mapping,
    );
    if (developer === undefined || reading.kind !== 'user') throw new Error('not both');
    const subject = {
      key: email as CanonicalEmail,
      portal: { kind: 'user', user: reading.user, email: email as CanonicalEmail },
      developer: { kind: 'developer', developer },
      link: undefined,
      rivals: [],
      renameTarget: 'free',
    } as const;
    return planEdit(subject, [{ field: 'attributes.seats', value }], policy);
  };
  expect(edit('many')).toMatchObject({ kind: 'invalid', problems: [{ field: 'attributes.seats' }] });
  expect(edit('7.0')).toMatchObject({ kind: 'plan', portal: [{ field: 'attributes.seats', value: '7' }] });
});
