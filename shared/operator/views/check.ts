import { canonicalEmail, type CanonicalEmail } from '../../core/model/email.ts';
import type { Developer } from '../../core/model/profile.ts';
import type { ApigeeError } from '../../apigee/developers.ts';
import { policyOf } from '../../config/policy-of.ts';
import { parseMapping } from '../../portal/mapping-config.ts';
import { proposeMapping, type Proposal } from '../../portal/proposal/propose-mapping.ts';
import type { RawPortalDocument } from '../../portal/read-user.ts';
import type { Services } from '../../wiring/services.ts';
import { refusedToLook } from '../actions/own-state.ts';
import type { RefusalReason } from '../words/refusals.ts';
import { checkSample, type SampleCheck } from './check-sample.ts';
import { neededRights, type Rights, type RightsFound } from './rights.ts';

/** How the settings, the rights and both sides look before anything is synchronised. */
export interface Check {
  readonly portal:
    | { readonly kind: 'read'; readonly documents: number }
    /** `error`: what the store threw. */
    | { readonly kind: 'unread'; readonly error: unknown };
  readonly apigee:
    /** `isWhole`: the organisation has no more than these. `unusable`: emails by which nobody can be linked. */
    | { readonly kind: 'read'; readonly developers: number; readonly isWhole: boolean; readonly unusable: number }
    | { readonly kind: 'unread'; readonly error: ApigeeError };
  /** The state under STATE_PREFIX is about another organisation or collection (rule 38). */
  readonly state: RefusalReason | undefined;
  readonly rights: readonly RightsFound[];
  /** With today's settings; undefined where one of the sides could not be read, or there is no document. */
  readonly sample: SampleCheck | undefined;
  readonly proposal: (Proposal & { readonly sample: SampleCheck }) | undefined;
}

/** Apigee lists no more at once. */
const largestList = 1000;

/** Reads settings, rights and a sample of both sides. `rights`: undefined where nobody can be asked. Writes nothing. */
export async function readCheck(services: Services, sampled: number, rights: Rights | undefined): Promise<Check> {
  const { config } = services;
  const documents = await tried(() => services.sample(sampled));
  const state = documents.ok ? await tried(() => refusedToLook(services)) : undefined;
  const listed = await services.developers(() => undefined).listDevelopers({ startKey: undefined, count: largestList });
  const found = rights === undefined ? [] : await askRights(rights, neededRights(config));
  const known = listed.ok ? developersOf(listed.value.developers) : new Map<CanonicalEmail, Developer>();
  const isWhole = listed.ok && listed.value.emails.length < largestList;
  if (documents.ok && listed.ok && !isWhole) await addMissing(services, documents.value, known);
  const all = documents.ok && documents.value.length > 0 && listed.ok ? documents.value : undefined;
  const checked = (portal: typeof config.portal): SampleCheck | undefined =>
    all && checkSample(all, known, portal.mapping, policyOf({ ...config, portal }));
  const proposal = documents.ok ? proposeMapping(documents.value) : undefined;
  const proposed = proposal && checked({ ...config.portal, mapping: withSelect(services, proposal) });
  return {
    portal: documents.ok
      ? { kind: 'read', documents: documents.value.length }
      : { kind: 'unread', error: documents.error },
    apigee: listed.ok
      ? { kind: 'read', developers: listed.value.emails.length, isWhole, unusable: unusableIn(listed.value.developers) }
      : { kind: 'unread', error: listed.error },
    state: state?.ok === true ? state.value?.reason : undefined,
    rights: found,
    sample: checked(config.portal),
    proposal: proposal && proposed && { ...proposal, sample: proposed },
  };
}

type Tried<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** What the store throws is part of the answer here. */
async function tried<T>(attempt: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { ok: true, value: await attempt() };
  } catch (error) {
    return { ok: false, error };
  }
}

function withSelect({ config }: Services, { mapping }: Proposal): Services['config']['portal']['mapping'] {
  const proposed = parseMapping(JSON.stringify(mapping));
  const { select } = config.portal.mapping;
  return select === undefined ? proposed : { ...proposed, select };
}

async function askRights(rights: Rights, needed: ReturnType<typeof neededRights>): Promise<readonly RightsFound[]> {
  return Promise.all(
    needed.map(async ({ project, permissions }) => ({ project, ...(await rights.missing(project, permissions)) })),
  );
}

function developersOf(developers: readonly Developer[]): Map<CanonicalEmail, Developer> {
  const known = new Map<CanonicalEmail, Developer>();
  for (const developer of developers) {
    const email = canonicalEmail(developer.email);
    if (email !== undefined) known.set(email, developer);
  }
  return known;
}

function unusableIn(developers: readonly Developer[]): number {
  return developers.filter(({ email }) => canonicalEmail(email) === undefined).length;
}

/** Of a large organisation, the developers of the sampled people are read one by one, under whatever field looks like an email. */
async function addMissing(
  services: Services,
  documents: readonly RawPortalDocument[],
  known: Map<CanonicalEmail, Developer>,
): Promise<void> {
  const developers = services.developers(() => undefined);
  const emails = new Set(
    documents.flatMap(({ id, data }) => [id, ...textsIn(data)]).map((text) => canonicalEmail(text)),
  );
  for (const email of emails) {
    if (email === undefined || known.has(email)) continue;
    const answer = await developers.get(email);
    if (answer.ok && answer.value !== undefined) known.set(email, answer.value);
  }
}

function textsIn(value: unknown, depth = 0): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > 2) return [];
  return Object.values(value).flatMap((member: unknown) => textsIn(member, depth + 1));
}
