import { policyOf } from '../../../shared/config/policy-of.ts';
import { createInMemoryPeople } from '../../../shared/state/in-memory/people.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { verifyPeople } from '../../../shared/verify/verify-people.ts';
import { problem, type World } from './world.ts';

/** What `devsync verify` says of the world, which shares no code with what decides: nothing may be left unexplained. */
export async function askVerifier(world: World, round: number): Promise<void> {
  const { config, clocks, database, developers, ledger } = world;
  const people = createInMemoryPeople({ database, mapping: config.portal.mapping, meter: newMeter() });
  const said: string[] = [];
  const deps = { people, developers, policy: policyOf(config), now: clocks.ours };
  const verification = await verifyPeople(deps, ({ key, difference, because }) => {
    if (because.kind === 'unexplained' && !ledger.tainted.has(key))
      said.push(`${key}: ${difference.kind}, ${because.hint}`);
  });
  if (verification.kind === 'incomplete') said.push(verification.problem);
  for (const text of said) problem(world, `after round ${String(round)}: the verifier finds ${text}`);
}
