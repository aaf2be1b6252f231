import { useSyncExternalStore } from 'react';

let signedOut = false;
const listeners = new Set<() => void>();

/** Whether the last answer said that nobody is signed in. The page stays as it is meanwhile, forms included. */
export function isSignedOut(): boolean {
  return signedOut;
}

export function setSignedOut(value: boolean): void {
  if (value === signedOut) return;
  signedOut = value;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSignedOut(): boolean {
  return useSyncExternalStore(subscribe, isSignedOut);
}
