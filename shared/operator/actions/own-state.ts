import type { Ownership } from '../../run/state-owner.ts';
import { newMeter } from '../../state/meter.ts';
import type { Services } from '../../wiring/services.ts';
import type { Refused } from '../words/refusals.ts';

/** Refused where the state belongs to another organisation or collection (rule 38). Writes nothing. */
export async function refusedToLook(services: Services): Promise<Refused | undefined> {
  return refusedBy(services, await services.guard.look(services.runs(newMeter())));
}

/** The same for an action that writes our own state: one that belongs to nobody yet belongs to these settings from now on. */
export async function refusedOfState(services: Services): Promise<Refused | undefined> {
  return refusedBy(services, await services.guard.claim(services.runs(newMeter())));
}

/** The same for an action that may come to writes to either side: refused while every write is stopped (rule 33). */
export async function refusedToAct(services: Services): Promise<Refused | undefined> {
  const refused = await refusedOfState(services);
  if (refused !== undefined) return refused;
  const { stopped } = await services.runs(newMeter()).control();
  return stopped && { kind: 'refused', reason: { kind: 'stopped', stopped } };
}

function refusedBy({ config }: Services, ownership: Ownership): Refused | undefined {
  if (ownership.kind === 'ours') return undefined;
  const { owner, differs } = ownership;
  return { kind: 'refused', reason: { kind: 'state-of-another', statePrefix: config.statePrefix, owner, differs } };
}
