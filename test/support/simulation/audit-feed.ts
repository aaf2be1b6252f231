import type { InMemoryDevelopers } from '../../../shared/apigee/in-memory.ts';
import type { Developer } from '../../../shared/core/model/profile.ts';
import { auditEntry, developersPrefix } from '../audit-entries.ts';
import type { Plan } from './plan.ts';
import type { Post } from './post.ts';
import { random } from './random.ts';
import type { World } from './world.ts';

export interface AuditFeed {
  /** Puts the log around everybody's access to the developers, people's and the product's. */
  readonly watched: (developers: InMemoryDevelopers) => InMemoryDevelopers;
  /** From now on the log's entries are published. What was done before is not told of. */
  connect(world: World, post: Post): void;
}

/**
 * Apigee's audit log and the sink on it: an entry for every write, also for the product's own, as where the sink's exclusion is
 * missing. It names the developer by email or by id, encoded or not, and says in its answer more or less. The post loses,
 * doubles and delays entries as it does with everything.
 */
export function newAuditFeed(plan: Plan): AuditFeed {
  const draw = random(plan.schedule ^ 0x5eed);
  let publish: ((method: string, developer: Developer) => void) | undefined;
  const tell = (before: Developer | undefined, after: Developer | undefined): void => {
    const developer = after ?? before;
    if (developer === undefined || publish === undefined) return;
    publish(methodOf(before, after, draw.chance(0.3)), developer);
  };
  return {
    watched(developers) {
      const find = (email: string): Developer | undefined => developers.all().find((one) => one.email === email);
      const around = async <T>(email: string, write: () => Promise<T>): Promise<T> => {
        const before = find(email);
        const answer = await write();
        const after = find(email);
        if (before !== after) tell(before, after);
        return answer;
      };
      return {
        ...developers,
        create: (body) => around(body.email, () => developers.create(body)),
        update: (email, body) => around(email, () => developers.update(email, body)),
        setStatus: (email, status) => around(email, () => developers.setStatus(email, status)),
        delete: (email) => around(email, () => developers.delete(email)),
        seed(...seeds) {
          for (const seed of seeds) {
            const before = find(seed.email);
            developers.seed(seed);
            tell(before, find(seed.email));
          }
        },
        remove(email) {
          const before = find(email);
          developers.remove(email);
          tell(before, undefined);
        },
      };
    },
    connect({ clocks }, post) {
      publish = (method, developer) => {
        const { email, developerId, lastModifiedAt } = developer;
        const name = draw.pick([email, encodeURIComponent(email), developerId] as const);
        const isCreate = method === 'CreateDeveloper';
        const resourceName = `organizations/acme${isCreate ? '' : `/developers/${name}`}`;
        const isSaid = isCreate || (method === 'UpdateDeveloper' && draw.chance(0.8));
        const response = { email, developerId, lastModifiedAt: String(lastModifiedAt) };
        const differs = { methodName: `${developersPrefix}${method}`, resourceName, ...(isSaid ? { response } : {}) };
        post.audit(auditEntry(differs, clocks.apigee()));
      };
    },
  };
}

function methodOf(before: Developer | undefined, after: Developer | undefined, byAttribute: boolean): string {
  if (after === undefined) return 'DeleteDeveloper';
  if (before === undefined) return 'CreateDeveloper';
  if (before.status !== after.status) return 'SetDeveloperStatus';
  const isNamed = before.firstName !== after.firstName || before.lastName !== after.lastName;
  return byAttribute && !isNamed ? 'UpdateDeveloperAttribute' : 'UpdateDeveloper';
}
