import { GaxiosError } from 'gaxios';
import { GoogleAuth } from 'google-auth-library';

/** What we identify ourselves to Apigee with. `adc`: Application Default Credentials. `basic`: Edge only. */
export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'adc' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string };

/** Headers that authorise a request, and the parts of them that must never be shown. */
export interface Grant {
  readonly headers: ReadonlyMap<string, string>;
  readonly secrets: readonly string[];
}

export interface Authorizer {
  /** The present grant, made when it is first asked for. Throws `CredentialsError`. */
  grant(): Promise<Grant>;
  /** Drops `stale`, so that the next grant is a new one. False where a new one would be the same. */
  renew(stale: Grant): boolean;
}

/**
 * There are no credentials, and nothing was sent to Apigee. `passing`: only because the token service did not answer.
 */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
  readonly passing: boolean;

  constructor(message: string, passing: boolean) {
    super(message);
    this.passing = passing;
  }
}

const scopes = ['https://www.googleapis.com/auth/cloud-platform'];

export function createAuthorizer(credentials: Credentials): Authorizer {
  if (credentials.kind === 'adc') return applicationDefault();
  if (credentials.kind === 'token') return unchanging(`Bearer ${credentials.token}`, [credentials.token]);
  const { username, password } = credentials;
  const encoded = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  return unchanging(`Basic ${encoded}`, [encoded, password, username]);
}

function unchanging(authorization: string, secrets: readonly string[]): Authorizer {
  const grant: Grant = { headers: new Map([['authorization', authorization]]), secrets };
  return { grant: async () => grant, renew: () => false };
}

/**
 * Tokens are kept by google-auth-library. Its clients have no common way to drop a token that looks valid, and the client
 * for the metadata server keeps it even after a 401. So a renewal makes a new client, which has to fetch a new token.
 */
function applicationDefault(): Authorizer {
  let auth: GoogleAuth | undefined;
  let current: Grant | undefined;
  return {
    async grant() {
      auth ??= new GoogleAuth({ scopes });
      const used = auth;
      const grant = await fetchGrant(used);
      if (auth !== used) return grant;
      current = current !== undefined && sameGrant(current, grant) ? current : grant;
      return current;
    },
    renew(stale) {
      // Several calls may have failed with one token: only the first of them drops it, the others use the new one.
      if (stale === current) {
        auth = undefined;
        current = undefined;
      }
      return true;
    },
  };
}

async function fetchGrant(auth: GoogleAuth): Promise<Grant> {
  try {
    const client = await auth.getClient();
    const headers = new Map(await client.getRequestHeaders());
    const authorization = headers.get('authorization') ?? '';
    const secret = authorization.slice(authorization.indexOf(' ') + 1);
    return { headers, secrets: secret === '' ? [] : [secret] };
  } catch (error) {
    throw new CredentialsError(problemOf(error), isPassing(error));
  }
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown problem';
  // The library's own sentence sends people to its documentation.
  return /default credentials/i.test(error.message)
    ? 'Google knows of none here: gcloud auth application-default login'
    : error.message;
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof GaxiosError)) return false;
  const status = error.response?.status;
  return status === undefined || status === 429 || status >= 500;
}

function sameGrant(a: Grant, b: Grant): boolean {
  return a.headers.get('authorization') === b.headers.get('authorization');
}
