import { expect, test } from 'vitest';
import { startApigeeEmulator } from '../../local/apigee-emulator/server.ts';
import { readConfig } from '../../shared/config/config.ts';
import { readCheck } from '../../shared/operator/views/check.ts';
import { createFirestore } from '../../shared/state/firestore/client.ts';
import { googleServices } from '../../shared/wiring/google-services.ts';
import { adoptPortal, proposable, settingsOf, type PortalUnderTest } from '../support/portals/adopt-portal.ts';
import { existingPortals } from '../support/portals/existing-portals.ts';
import type { ExistingPortal } from '../support/portals/existing-portal.ts';
import { handling, inApigee, onFirestore, type Place } from '../support/portals/on-firestore.ts';
import { useStack, type TestStack } from './use-stack.ts';

const [first, ...others] = existingPortals;
if (first === undefined) throw new Error('there is no portal');

const stackFor = useStack({ env: { ...process.env, ...settingsOf(first) }, trigger: 'when-asked' });

test(
  'ten portals of different shapes are taken into use on Firestore, and keep byte for byte what is not mapped',
  { timeout: 300_000 },
  async (context) => {
    const stack = stackFor(context);
    const firestore = createFirestore({ projectId: stack.config.project, databaseId: '(default)' });
    const place = { firestore, host: stack.firestore, project: stack.config.project };
    // Each to its end, so that none goes on when the clients are gone.
    const ends = await Promise.allSettled([
      adoptPortal(first, onStack(stack, { ...place, collection: stack.config.portal.collection })),
      ...others.map((portal, at) => inOneProcess(portal, stack, { ...place, collection: `portal-${String(at)}` })),
    ]);
    await firestore.terminate();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    expect(await stack.devsync('verify')).toMatchObject({ code: 0, err: '' });
  },
);

/** The deployed functions and the real trigger, which is set going once the first run is over. */
function onStack(stack: TestStack, place: Place): PortalUnderTest {
  const portal = onFirestore(place);
  let isTriggered = false;
  return {
    ...portal,
    ...inApigee(stack.apigee),
    put: (id, document) => (isTriggered ? stack.edit(id, () => portal.put(id, document)) : portal.put(id, document)),
    async run() {
      const run = await stack.run();
      await stack.startTrigger();
      isTriggered = true;
      return run;
    },
    // `put` has waited for the event.
    push: async () => expect(isTriggered).toBe(true),
  };
}

/** The same functions in this process, on the same Firestore, with an Apigee of their own. */
async function inOneProcess(portal: ExistingPortal, { settings }: TestStack, place: Place): Promise<void> {
  const apigee = await startApigeeEmulator({ mode: 'x', org: 'demo' });
  const config = readConfig({
    ...settings,
    PORTAL_MAPPING: undefined,
    ...settingsOf(portal),
    PORTAL_COLLECTION: place.collection,
    STATE_PREFIX: `of-${place.collection}-`,
    APIGEE_ENDPOINT: apigee.url,
  });
  const services = await googleServices(config, { publisher: 'none', log: () => undefined });
  const collection = onFirestore(place);
  try {
    for (const [id, saved] of Object.entries(portal.documents)) await collection.put(id, saved);
    const { proposal } = await readCheck(services, 100, undefined);
    expect(proposable(portal, proposal?.mapping)).toEqual(proposable(portal, portal.mapping));
    expect(proposal?.sample).toMatchObject({ failed: 0, collided: 0 });
    await adoptPortal(portal, { ...collection, ...inApigee(apigee), ...handling(services) });
  } finally {
    await services.close();
    await apigee.close();
  }
}
