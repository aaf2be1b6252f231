import { PassThrough, type Readable } from 'node:stream';
import { Firestore } from '@google-cloud/firestore';
import { beforeAll, describe, expect, test } from 'vitest';
import { readdirSync } from 'node:fs';
import { personHasher } from '../../shared/log/person-hash.ts';
import { readConfig } from '../../shared/config/config.ts';
import { createFirestoreAudit } from '../../shared/state/firestore/audit.ts';
import { createFirestoreChanges } from '../../shared/state/firestore/changes.ts';
import { createFirestoreDirectory } from '../../shared/state/firestore/directory.ts';
import { compositeIndexes } from '../../shared/state/firestore/indexing.ts';
import { stateCollections } from '../../shared/state/firestore/names.ts';
import { createFirestorePeople } from '../../shared/state/firestore/people.ts';
import { createFirestoreRuns } from '../../shared/state/firestore/runs.ts';
import { keepingLinks } from '../../shared/state/link-keeping.ts';
import { newMeter } from '../../shared/state/meter.ts';
import { ann } from '../shared/sync/ann.ts';
import { memberOf } from './evaluate/expressions.ts';
import { listOf, textOf } from './evaluate/values.ts';
import { read } from './hcl.ts';
import { deployments } from './settings.ts';

/** One query that was sent. */
interface Sent {
  readonly collection: string;
  /** Fields that it filters or orders by, ids of documents left out. */
  readonly fields: readonly string[];
}

const names = stateCollections('developerSync');
const sent: Sent[] = [];

beforeAll(async () => {
  const firestore = listening(sent);
  const { portal } = readConfig({ APIGEE_ORG: 'acme', GOOGLE_CLOUD_PROJECT: 'demo' });
  const meter = newMeter();
  const keeping = keepingLinks(400, personHasher('a key of the tests'));
  const common = { firestore, statePrefix: 'developerSync', meter };
  const people = createFirestorePeople({
    ...common,
    portalCollection: portal.collection,
    mapping: portal.mapping,
    keeping,
    changesKeptMs: 1,
  });
  const page = { after: undefined, limit: 10 };
  const range = { after: 'a', through: 'b' };
  await people.linksOfPortalUser('user');
  await people.linksByUserId(range, 10);
  await people.linksOnlyOnPortal(page);
  await people.linksDue({ ...page, at: 1 });
  await people.linksWithDeveloper(page);
  await people.countLinksWithDeveloper();
  await people.troubledLinks(page);
  await people.keysWrittenSince(1, 10);
  await people.portalPage(page);
  await people.portalRange(range);
  await people.userIdsWithEmail(ann);
  await people.portalChangedSince(1, 10);
  const runs = createFirestoreRuns(common);
  await runs.recent(10);
  await runs.queued(10);
  await runs.held(10);
  await runs.countDone('run', 'apigee');
  await runs.unfinished('run', 'apigee');
  for await (const { runId } of runs.batches('run')) throw new Error(`there is no batch of ${runId}`);
  await runs.lastProgress('run');
  await runs.rejections(10);
  const audit = createFirestoreAudit(common);
  await audit.recent({ before: 1, limit: 10 });
  await audit.recent({ before: undefined, limit: 10 });
  await audit.ofPerson(ann);
  await audit.forget(ann, 'hash', () => false);
  const directory = createFirestoreDirectory(common);
  await directory.keysBeginningWith('a', { after: undefined, limit: 10 });
  await directory.keysBeginningWith('a', { after: ann, limit: 10 });
  for (const collection of [names.changes, `${names.runs}/run/${names.planned}`]) {
    const changes = createFirestoreChanges(firestore.collection(collection));
    await changes.by('run:run', { after: undefined, limit: 10 });
    await changes.ofPerson(ann, { before: undefined, limit: 10 });
    await changes.forget(ann);
  }
});

test('every field that the code filters or orders by was asked for here', () => {
  const folder = 'shared/state/firestore';
  const text = readdirSync(new URL(`../../${folder}`, import.meta.url))
    .map((name) => read(`${folder}/${name}`))
    .join('\n');
  const written = [...text.matchAll(/\b(?:where|orderBy)\(\s*'(\w+)'/g)].map(([, field = '']) => field);
  const asked = new Set(sent.flatMap(({ fields }) => fields));
  expect(written.length).toBeGreaterThan(15);
  expect([...new Set(written)].filter((field) => !asked.has(field))).toEqual([]);
});

describe('no query asks for a field that is exempt from indexing', () => {
  const exempt = deployments.minimal.resources
    .filter(({ type }) => type === 'google_firestore_field')
    .map(({ values }) => ({
      collection: textOf(memberOf(values, 'collection')),
      field: textOf(memberOf(values, 'field')),
      values,
    }));

  test.each(Object.values(names))('%s', (collection) => {
    const asked = sent.filter((query) => query.collection === collection).flatMap(({ fields }) => fields);
    const fields = exempt.filter((one) => one.collection === collection).map(({ field }) => field);
    // The exemption of a map covers what is inside it.
    expect(asked.filter((field) => fields.some((one) => field === one || field.startsWith(`${one}.`)))).toEqual([]);
  });

  test('and every exemption takes all indexes away, in a collection of ours', () => {
    expect(exempt.length).toBeGreaterThan(50);
    for (const { collection, values } of exempt) {
      expect(Object.values(names)).toContain(collection);
      expect(listOf(memberOf(values, 'index_config'))).toEqual([{}]);
    }
  });
});

test('no query needs an index of several fields: each asks for one, besides ids', () => {
  const several = sent.filter(({ fields }) => new Set(fields).size > 1);
  // Only the OR of who owns and who claims a portal user, whose parts are answered by an index of their own.
  expect(several.map(({ collection, fields }) => [collection, fields.length, fields.includes('rivals')])).toEqual([
    [names.links, 2, true],
  ]);
  expect(compositeIndexes).toEqual([]);
});

test('the portal is asked for fields that its mapping names, and for nothing of ours', () => {
  const asked = sent.filter(({ collection }) => collection === 'portalUsers').flatMap(({ fields }) => fields);
  expect([...new Set(asked)].sort()).toEqual(['email', 'updatedAt']);
});

/** A client whose server has no documents, and which notes what it is asked. */
function listening(queries: Sent[]): Firestore {
  const firestore = new Firestore({ projectId: 'demo', ssl: false, host: '127.0.0.1:9' });
  const readTime = { seconds: 1, nanos: 0 };
  const requestStream = async (_method: string, _bidi: boolean, request: Request): Promise<Readable> => {
    const query = request.structuredQuery ?? request.structuredAggregationQuery?.structuredQuery;
    if (query === undefined) throw new Error('not a query');
    const orders = (query.orderBy ?? []).map(({ field }) => field.fieldPath);
    const fields = [...fieldsOf(query.where), ...orders].filter((field) => field !== '__name__');
    queries.push({ collection: query.from[0]?.collectionId ?? '', fields: [...new Set(fields)] });
    const counted = {
      result: { aggregateFields: { aggregate_0: { integerValue: '0', valueType: 'integerValue' } } },
      readTime,
    };
    return new PassThrough({ objectMode: true }).end(request.structuredQuery === undefined ? counted : { readTime });
  };
  return Object.assign(firestore, { requestStream });
}

interface Filter {
  readonly fieldFilter?: { readonly field: { readonly fieldPath: string } };
  readonly unaryFilter?: { readonly field: { readonly fieldPath: string } };
  readonly compositeFilter?: { readonly filters: readonly Filter[] };
}

interface StructuredQuery {
  readonly from: readonly { readonly collectionId: string }[];
  readonly where?: Filter;
  readonly orderBy?: readonly { readonly field: { readonly fieldPath: string } }[];
}

interface Request {
  readonly structuredQuery?: StructuredQuery;
  readonly structuredAggregationQuery?: { readonly structuredQuery: StructuredQuery };
}

function fieldsOf(filter: Filter | undefined): readonly string[] {
  if (filter === undefined) return [];
  const own = filter.fieldFilter ?? filter.unaryFilter;
  return [
    ...(own === undefined ? [] : [own.field.fieldPath]),
    ...(filter.compositeFilter?.filters ?? []).flatMap(fieldsOf),
  ];
}
