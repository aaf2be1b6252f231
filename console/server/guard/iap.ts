import { OAuth2Client } from 'google-auth-library';
import { z } from 'zod';
import type { Identified, Identify } from './identify.ts';
import { roleOf, type RoleLists } from './roles.ts';

export interface IapOptions {
  /** CONSOLE_IAP_AUDIENCE, such as `/projects/NUMBER/locations/REGION/services/SERVICE`. */
  readonly audience: string;
  readonly roles: RoleLists;
  /** Ms since the epoch. */
  readonly now: () => number;
  /** Google's public keys, PEM by key id. Default: fetched from Google. */
  readonly fetchKeys?: () => Promise<Readonly<Record<string, string>>>;
}

const header = 'x-goog-iap-jwt-assertion';
const issuer = 'https://cloud.google.com/iap';

/** How long keys are believed, ms; and how soon they are fetched anew for a key id that is not among them. */
const keysFor = 3_600_000;
const earliestRefresh = 60_000;

const claims = z.object({ sub: z.string().min(1), email: z.string().min(3) });
const envelope = z.object({ alg: z.literal('ES256'), kid: z.string().min(1) });
const aud = z.object({ aud: z.string() });

/**
 * Who IAP says makes the request, from the token that IAP signs for each one. It is verified here every time, because IAP
 * may be switched off by accident. No message of the verification goes anywhere: it may hold the token.
 */
export function identifyByIap(options: IapOptions): Identify {
  const { audience, roles, now } = options;
  const client = new OAuth2Client();
  const keys = cachedKeys(options.fetchKeys ?? (async () => (await client.getIapPublicKeysAsync()).pubkeys), now);

  return async (headers) => {
    const token = headers.get(header);
    if (token === null) return signedOut('there is no token of IAP: is IAP on for this service?');
    const parsed = envelope.safeParse(part(token, 0));
    if (!parsed.success) return signedOut('the token of IAP is none');
    const known = await keys(parsed.data.kid);
    if (known === undefined) return signedOut('the token of IAP was signed with a key that Google does not publish');
    try {
      const ticket = await client.verifySignedJwtWithCertsAsync(token, known, audience, [issuer]);
      const { sub, email } = claims.parse(ticket.getPayload());
      const role = roleOf(email, roles);
      if (role === undefined) return { kind: 'stranger', email };
      return { kind: 'operator', operator: { id: sub, email, name: email, role } };
    } catch {
      return signedOut(whyNot(token, audience));
    }
  };
}

function signedOut(why: string): Identified {
  return { kind: 'signed-out', why };
}

/** The audience is no secret, and a wrong one is what a first deployment gets wrong. */
function whyNot(token: string, audience: string): string {
  const received = aud.safeParse(part(token, 1));
  return received.success && received.data.aud !== audience
    ? `the token of IAP is for ${received.data.aud.slice(0, 200)}: set CONSOLE_IAP_AUDIENCE to that, if it is this service`
    : 'the token of IAP is not valid, or not any more';
}

function part(token: string, place: number): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[place] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Keys are fetched once an hour, and once more for an unknown key id: Google changes them now and then. */
function cachedKeys(
  fetchKeys: () => Promise<Readonly<Record<string, string>>>,
  now: () => number,
): (keyId: string) => Promise<Record<string, string> | undefined> {
  let fetched: { readonly at: number; readonly keys: Promise<Readonly<Record<string, string>>> } | undefined;
  const fetchAnew = async (): Promise<Readonly<Record<string, string>>> => {
    const current = { at: now(), keys: fetchKeys() };
    fetched = current;
    try {
      return await current.keys;
    } catch (error) {
      if (fetched === current) fetched = undefined;
      throw error;
    }
  };
  return async (keyId) => {
    const isFresh = fetched !== undefined && now() - fetched.at < keysFor;
    const keys = isFresh && fetched !== undefined ? await fetched.keys : await fetchAnew();
    if (Object.hasOwn(keys, keyId)) return { ...keys };
    if (fetched !== undefined && now() - fetched.at < earliestRefresh) return undefined;
    const anew = await fetchAnew();
    return Object.hasOwn(anew, keyId) ? { ...anew } : undefined;
  };
}
