import { call } from './client.ts';

/**
 * On this machine the console's address carries a token in its fragment, which no request shows. It is exchanged once for
 * a cookie and taken out of the address. A token that is no longer good is passed over: the page says what to do.
 */
export async function signInByAddress(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  await call('signIn', { body: { token } }).catch(() => undefined);
}
