import type { Acting } from '../../shared/operator/actions/audited.ts';

/** Somebody who acts, with a reason. */
export const opal: Acting = {
  operator: { id: 'opal-1', name: 'opal@example.org', role: 'admin' },
  reason: 'asked for by the person',
};
