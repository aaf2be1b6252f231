import { handlePortalEdit } from '../../shared/wiring/handlers.ts';
import { handlePullEdit } from '../../shared/wiring/pull-handler.ts';
import { developerOf, documentOf, emailOf, idOf } from '../worlds/person.ts';
import { openWorld, type Cost, type World } from '../worlds/world.ts';

const minute = 60_000;

async function onePersonInStep(env: Readonly<Record<string, string>> = {}): Promise<World> {
  const world = openWorld({ env });
  world.database.putPortalDocument(idOf(0), documentOf(0));
  world.developers.seed(developerOf(0));
  await world.run('full');
  world.clock.advance(minute);
  return world;
}

/** A last name is edited on the portal and pushed. */
export async function pushedEdit(): Promise<Cost> {
  const world = await onePersonInStep();
  world.database.putPortalDocument(idOf(0), { ...documentOf(0), lastName: 'Edited', updatedAt: world.clock.now() });
  const type = 'google.cloud.firestore.document.v1.written';
  const { cost } = await world.costOf(() =>
    handlePortalEdit(world.services, { type, document: `portalUsers/${idOf(0)}` }),
  );
  if (world.developers.all()[0]?.lastName !== 'Edited') throw new Error('the edit was not pushed');
  return cost;
}

/** A last name is edited in Apigee and pulled. */
export async function pulledEdit(): Promise<Cost> {
  const world = await onePersonInStep({ PULL: 'audit-log' });
  const at = world.clock.now();
  world.developers.seed({ ...developerOf(0), lastName: 'Edited', lastModifiedAt: at });
  const entry = {
    logName: 'projects/acme/logs/cloudaudit.googleapis.com%2Factivity',
    timestamp: new Date(at).toISOString(),
    protoPayload: {
      serviceName: 'apigee.googleapis.com',
      methodName: 'google.cloud.apigee.v1.Developers.UpdateDeveloper',
      resourceName: `organizations/acme/developers/${emailOf(0)}`,
      authenticationInfo: { principalEmail: 'somebody@example.com' },
      status: {},
      response: { email: emailOf(0), developerId: developerOf(0).developerId, lastModifiedAt: String(at) },
    },
  };
  const message = {
    messageId: 'entry',
    publishTime: new Date(at).toISOString(),
    attributes: {},
    data: Buffer.from(JSON.stringify(entry)).toString('base64'),
  };
  const { cost } = await world.costOf(() => handlePullEdit(world.services, { message, subscription: 'bench' }));
  if (world.database.portalDocuments()[0]?.data['lastName'] !== 'Edited') throw new Error('the edit was not pulled');
  return cost;
}
