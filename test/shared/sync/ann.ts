import type { Operation } from '../../../shared/apigee/developers.ts';
import type { CanonicalEmail } from '../../../shared/core/model/email.ts';
import { inProcess, type InProcess, type InProcessOptions } from '../../support/in-process.ts';

export const ann = 'ann@example.com' as CanonicalEmail;
export const annDocument = {
  email: ann,
  firstName: 'Ann',
  lastName: 'Lee',
  status: 'active',
  attributes: { tier: 'gold' },
};

/** Ann on both sides, in step. */
export async function linked(options: InProcessOptions = {}): Promise<InProcess> {
  const world = inProcess(options);
  world.database.putPortalDocument('ann', annDocument);
  world.developers.seed({
    email: ann,
    firstName: 'Ann',
    lastName: 'Lee',
    attributes: new Map([
      ['tier', 'gold'],
      ['MINT_PLAN', 'basic'],
    ]),
    lastModifiedAt: Date.now() - 60_000,
  });
  await world.run();
  for (const operation of Object.keys(world.calls)) world.calls[operation as keyof typeof world.calls] = 0;
  return world;
}

export const developer = (world: InProcess, email: string = ann) =>
  world.developers.all().find((one) => one.email === email);

/** Apigee's answer to an update while it is away. */
export const unavailable = {
  ok: false,
  error: {
    kind: 'unavailable',
    operation: 'update',
    status: 503,
    code: undefined,
    message: 'update: 503',
    ambiguous: false,
  },
} as const;

/** The answer to a call that was made and of which nobody has heard. */
export const unheard = (operation: Operation) =>
  ({
    ok: false,
    error: {
      kind: 'unavailable',
      operation,
      status: undefined,
      code: undefined,
      message: `${operation}: no answer`,
      ambiguous: true,
    },
  }) as const;
