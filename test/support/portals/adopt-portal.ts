import { expect } from 'vitest';
import { mappedPaths, parseMapping } from '../../../shared/portal/mapping-config.ts';
import { fieldAt, type FieldPath } from '../../../shared/portal/field-path.ts';
import { isIdEmail } from '../../../shared/portal/mapping.ts';
import type { Run } from '../../../shared/state/runs.ts';
import type { Document, ExistingPortal, ExpectedDeveloper } from './existing-portal.ts';

/** A portal and an Apigee of its own, with the product between them. */
export interface PortalUnderTest {
  /** As the portal's own program saves a document: all of it. */
  put(id: string, document: Document): Promise<void>;
  documents(): Promise<ReadonlyMap<string, Document>>;
  /** Of each document what does not lie at these paths, exactly as it is stored. */
  rest(paths: readonly FieldPath[]): Promise<ReadonlyMap<string, string>>;
  /** By email. */
  developers(): Promise<readonly ExpectedDeveloper[]>;
  /** As somebody else saves a developer in Apigee, now. */
  saveDeveloper(developer: ExpectedDeveloper): Promise<void>;
  /** A full run. */
  run(): Promise<Run>;
  /** What the trigger does once a document was saved. */
  push(id: string): Promise<void>;
}

export function settingsOf({ mapping, select }: ExistingPortal): Readonly<Record<string, string>> {
  return { PORTAL_MAPPING: JSON.stringify(mapping), ...(select === undefined ? {} : { PORTAL_SELECT: select }) };
}

/** What of a mapping a sample can tell. */
export function proposable({ adds }: ExistingPortal, mapping: object = {}): object {
  return Object.fromEntries(Object.entries(mapping).filter(([key]) => !adds.includes(key)));
}

/**
 * Takes a portal into use and has every kind of change travel: links, edits both ways, people who are new on either side. What
 * the mapping does not name has to be as it was, byte for byte, and a further run has nothing to write.
 */
export async function adoptPortal(portal: ExistingPortal, world: PortalUnderTest): Promise<void> {
  const { onCreate: _, ...mapped } = portal.mapping;
  const paths = mappedPaths(parseMapping(JSON.stringify(mapped))).map(([, path]) => path);
  const [known, ...others] = portal.developers;
  if (known === undefined) throw new Error('The portal has nobody.');
  await world.saveDeveloper(known);
  for (const [id, document] of Object.entries(portal.documents)) await world.put(id, document);
  const before = await world.rest(paths);
  const whole = await world.rest([]);

  const first = await world.run();
  expect(first.totals?.counts).toMatchObject({
    created: { apigee: others.length, portal: 0 },
    updated: { apigee: 0, portal: 0 },
    failed: 0,
    held: 0,
  });
  expect(await world.developers()).toEqual(portal.developers);
  expect(await world.rest([])).toEqual(whole);
  await expectSettled(world);

  await edit(portal, world);
  await register(portal, world);
  const edited = portal.documents[portal.portalEdit.id];
  const { portalEdit, registers } = portal;
  const now = {
    ...portal.documents,
    [portalEdit.id]: { ...edited, ...portalEdit.fields },
    [registers.id]: registers.document,
  };

  await saveInApigee(portal, world);
  await world.saveDeveloper({ ...newcomer, attributes: portal.arrives.attributes });
  expect((await world.run()).totals?.counts).toMatchObject({ created: { portal: 1, apigee: 0 }, failed: 0, held: 0 });
  const found = await world.documents();
  const { id, becomes } = portal.apigeeEdit;
  expect(found.get(id)).toEqual({ ...now[id], ...becomes });
  const ids = Object.keys(now);
  for (const other of ids.filter((one) => one !== id)) expect(found.get(other)).toEqual(now[other]);
  const made = [...found].filter(([one]) => !ids.includes(one));
  expect(made).toHaveLength(1);
  for (const [madeId, document] of made) {
    expect(emailIn(portal, madeId, document)).toBe(newcomer.email);
    expect(document).toMatchObject(portal.arrives.document);
  }

  const after = await world.rest(paths);
  const saved = [...before.keys()].filter((one) => one !== portalEdit.id);
  for (const one of saved) expect(after.get(one)).toBe(before.get(one));
  await expectSettled(world);
}

const newcomer = { email: 'new@example.com', firstName: 'New', lastName: 'Comer', status: 'inactive' } as const;

async function edit({ documents, portalEdit }: ExistingPortal, world: PortalUnderTest): Promise<void> {
  const { id, fields, email, becomes } = portalEdit;
  const was = await developerOf(world, email);
  await world.put(id, { ...documents[id], ...fields });
  await world.push(id);
  expect(await developerOf(world, email)).toEqual({ ...was, ...becomes });
}

async function register({ registers }: ExistingPortal, world: PortalUnderTest): Promise<void> {
  const { id, document, developer } = registers;
  await world.put(id, document);
  await world.push(id);
  expect(await developerOf(world, developer.email)).toEqual(developer);
}

async function saveInApigee({ apigeeEdit }: ExistingPortal, world: PortalUnderTest): Promise<void> {
  const { email, developer } = apigeeEdit;
  const was = await developerOf(world, email);
  await world.saveDeveloper({ ...was, ...developer, attributes: { ...was.attributes, ...developer.attributes } });
}

async function developerOf(world: PortalUnderTest, email: string): Promise<ExpectedDeveloper> {
  const developer = (await world.developers()).find((one) => one.email === email);
  if (developer === undefined) throw new Error('There is no such developer.');
  return developer;
}

/** Rule 12. */
async function expectSettled(world: PortalUnderTest): Promise<void> {
  expect((await world.run()).totals).toMatchObject({ counts: { failed: 0 }, traffic: { writes: 0 } });
}

function emailIn({ mapping }: ExistingPortal, id: string, document: Document): unknown {
  const { email, ...parsed } = parseMapping(JSON.stringify(mapping));
  if (isIdEmail({ ...parsed, email })) return id;
  const field = fieldAt(document, email);
  return field.kind === 'value' ? field.value : undefined;
}

/** The members of a map but for what lies at these paths; `into` answers the members of a value that is a map. */
export function without(
  members: Document,
  paths: readonly (readonly string[])[],
  into: (value: unknown) => Document | undefined,
): Document {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, value]): [string, unknown][] => {
      const below = paths.filter(([first]) => first === name).map(([, ...path]) => path);
      if (below.some((path) => path.length === 0)) return [];
      const inner = below.length === 0 ? undefined : into(value);
      return [[name, inner === undefined ? value : without(inner, below, into)]];
    }),
  );
}
