import { createInMemoryDevelopers } from '../../shared/apigee/in-memory.ts';
import type { Answer, Developers, ListPage } from '../../shared/apigee/developers.ts';
import { nothingElse, type Developer } from '../../shared/core/model/profile.ts';
import { linkId } from '../../shared/core/model/email.ts';
import type { Link } from '../../shared/core/model/link.ts';
import { defaultMapping } from '../../shared/portal/mapping-config.ts';
import { createInMemoryDatabase, type InMemoryDatabase } from '../../shared/state/in-memory/database.ts';
import { createInMemoryPeople } from '../../shared/state/in-memory/people.ts';
import { encodeLink } from '../../shared/state/link-document.ts';
import { countReads, queryReads, type Meter } from '../../shared/state/meter.ts';
import type { IdRange, People } from '../../shared/state/people.ts';
import { developerOf, documentOf, emailOf, idOf, indexIn, longAgo, saidOf } from './person.ts';
import { openWorld } from './world.ts';

/** Both sides of `count` people in step, none of whom is kept anywhere: who is asked for is made. */
export interface Generated {
  readonly developers: Developers;
  readonly people: (meter: Meter) => People;
  /** From now on one link more is counted than there are, so that a run searches all of them for who has vanished. */
  miscount(): void;
}

/** Runs the first person through the product, and says of everybody else what it has noted of that one. */
export async function generatedPeople(count: number): Promise<Generated> {
  const link = await linkOfFirst();
  let counted = count;
  return {
    developers: generatedDevelopers(count),
    people: (meter) => ({
      ...generatedStore(count, link, meter),
      async countLinksWithDeveloper() {
        meter.reads += countReads(count);
        return counted;
      },
    }),
    miscount() {
      counted = count + 1;
    },
  };
}

async function linkOfFirst(): Promise<string> {
  const world = openWorld();
  world.database.putPortalDocument(idOf(0), documentOf(0));
  world.developers.seed(developerOf(0));
  await world.run('full');
  const [link] = world.database.allLinks();
  if (link?.base === undefined) throw new Error('the first person of the bench is not in step');
  return textOf(link);
}

/** Links hold Maps, which JSON knows nothing of: as the store would keep them. */
function textOf(link: Link): string {
  return JSON.stringify(encodeLink(link));
}

function generatedDevelopers(count: number): Developers {
  const none = createInMemoryDevelopers({ type: 'x', now: () => longAgo });
  const page = async <T>({ startKey, count: wanted }: ListPage, each: (index: number) => T): Promise<Answer<T[]>> => {
    const from = startKey === undefined ? 0 : (indexIn(startKey) ?? count);
    const length = Math.max(0, Math.min(wanted, count - from));
    return { ok: true, value: Array.from({ length }, (_, place) => each(from + place)) };
  };
  return {
    ...none,
    listEmails: (wanted) => page(wanted, emailOf),
    async listDevelopers(wanted) {
      const answer = await page(wanted, wholeDeveloper);
      if (!answer.ok) return answer;
      return { ok: true, value: { emails: answer.value.map(({ email }) => email), developers: answer.value } };
    },
    async get(email) {
      const index = indexIn(email);
      return { ok: true, value: index === undefined || index >= count ? undefined : wholeDeveloper(index) };
    },
  };
}

function wholeDeveloper(index: number): Developer {
  const { attributes = new Map(), ...seed } = developerOf(index);
  return {
    status: 'active',
    userName: undefined,
    firstName: undefined,
    lastName: undefined,
    createdAt: longAgo,
    lastModifiedAt: longAgo,
    others: nothingElse,
    ...seed,
    attributes: new Map(attributes),
  };
}

/** Each answer comes from a database that holds just what the question is about; it costs what Firestore would bill. */
function generatedStore(count: number, link: string, meter: Meter): People {
  const over = (fill: (database: InMemoryDatabase) => void = () => undefined): People => {
    const database = createInMemoryDatabase({ now: () => longAgo });
    fill(database);
    return createInMemoryPeople({ database, mapping: defaultMapping, meter });
  };
  const isThere = (index: number | undefined): index is number => index !== undefined && index < count;
  const putLink = (database: InMemoryDatabase, index: number): void => {
    const data = JSON.parse(saidOf(index, link)) as Record<string, unknown>;
    const id = linkId(data['key'] as Parameters<typeof linkId>[0]);
    database.links.put(id, data, longAgo);
  };
  const putUser = (database: InMemoryDatabase, index: number): void =>
    database.putPortalDocument(idOf(index), documentOf(index));
  const named = (names: readonly string[]): readonly number[] => names.map((name) => indexIn(name)).filter(isThere);
  const within = ({ after, through }: IdRange, limit = Infinity): readonly number[] => {
    const from = after === undefined ? 0 : (indexIn(after) ?? count) + 1;
    const last = through === undefined ? count - 1 : (indexIn(through) ?? count - 1);
    const length = Math.max(0, Math.min(limit, last - from + 1, count - from));
    return Array.from({ length }, (_, place) => from + place);
  };
  const withLinks =
    (indexes: readonly number[]) =>
    (database: InMemoryDatabase): void =>
      indexes.forEach((index) => putLink(database, index));
  const withUsers =
    (indexes: readonly number[]) =>
    (database: InMemoryDatabase): void =>
      indexes.forEach((index) => putUser(database, index));

  return {
    links: async (keys) => over(withLinks(named(keys))).links(keys),
    linksOfPortalUser: async (id) => over(withLinks(named([id]))).linksOfPortalUser(id),
    linksByUserId: async (range, limit) => over(withLinks(within(range, limit))).linksByUserId(range, limit),
    linksOnlyOnPortal: async (page) => over().linksOnlyOnPortal(page),
    linksDue: async (page) => over().linksDue(page),
    linksWithDeveloper: async ({ after, limit }) =>
      over(withLinks(within({ after: after?.link.key, through: undefined }, limit))).linksWithDeveloper({
        after: undefined,
        limit,
      }),
    countLinksWithDeveloper: async () => count,
    async keysWrittenSince() {
      meter.reads += queryReads(0);
      return [];
    },
    troubledLinks: async (page) => over().troubledLinks(page),
    portalUsers: async (ids) => over(withUsers(named(ids))).portalUsers(ids),
    portalPage: async ({ after, limit }) =>
      over(withUsers(within({ after, through: undefined }, limit))).portalPage({ after, limit }),
    portalRange: async (range) => over(withUsers(within(range))).portalRange(range),
    userIdsWithEmail: async (email) => over(withUsers(named([email]))).userIdsWithEmail(email),
    portalChangedSince: async (since, limit) => over().portalChangedSince(since, limit),
    read: async (scope) =>
      over((database) => {
        withLinks(named(scope.links))(database);
        withUsers(named(scope.userIds))(database);
      }).read(scope),
    async transact() {
      throw new Error('everybody is in step: nobody writes');
    },
  };
}
