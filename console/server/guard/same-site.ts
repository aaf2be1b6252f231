/**
 * Why a request that acts, or asks about people, is not one of the console's own page; undefined where it is. Cookies go
 * along with requests that other sites make, so the browser has to say that this page made it: by `Sec-Fetch-Site`, which
 * no page can set, or where the browser knows no such header, by an `Origin` that is this host. A JSON body and
 * `X-Requested-With` cannot be sent by a form of another site either.
 */
export function crossSiteProblem(headers: Headers, host: string | undefined): string | undefined {
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return 'Send the body as application/json';
  if (headers.get('x-requested-with') === null) return 'Send the header X-Requested-With';
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' ? undefined : 'The request comes from another site';
  const origin = headers.get('origin');
  if (origin === null) return 'Send the header Sec-Fetch-Site: same-origin, or Origin';
  return hostOf(origin) === host ? undefined : 'The request comes from another site';
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
