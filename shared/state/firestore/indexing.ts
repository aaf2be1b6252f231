import type { StateCollections } from './names.ts';

type CollectionName = keyof StateCollections;

/** Composite indexes that the queries need: none. Every query filters and orders by one field, then by document id. */
export const compositeIndexes: readonly never[] = [];

const unindexedLinkFields = [
  'developer',
  'base',
  'attempts',
  'deactivationIntent',
  'owesDeletion',
  'tombstone',
  'hold',
  'failure',
  'lease',
  'history',
  'last',
  'keyHash',
  'expireAt',
];

const unindexedChangeFields = [
  'id',
  'key',
  'at',
  'situation',
  'reason',
  'userId',
  'developerId',
  'mapping',
  'destructive',
  'acts',
  'fields',
  'expireAt',
];

/**
 * Fields that no query asks for, to be exempted from Firestore's automatic indexes: indexing them would make every write
 * slower and dearer. The exemption of a map covers what is inside it.
 */
export const unindexedFields: Readonly<Partial<Record<CollectionName, readonly string[]>>> = {
  links: unindexedLinkFields,
  scratch: unindexedLinkFields,
  runs: ['walks', 'calls', 'traffic', 'totals', 'gate', 'expireAt'],
  batches: ['people', 'result', 'after', 'through', 'range', 'listed', 'expireAt'],
  rejections: ['reason', 'source', 'expireAt'],
  allowance: ['minutes', 'taken', 'expireAt'],
  audit: ['operator', 'reason', 'person', 'fields', 'end', 'expireAt'],
  changes: unindexedChangeFields,
  planned: unindexedChangeFields,
};

/** The field by which Firestore deletes old documents of these collections (a TTL policy each). */
export const expiryField = 'expireAt';
export const expiringCollections: readonly CollectionName[] = [
  'links',
  'scratch',
  'runs',
  'batches',
  'rejections',
  'allowance',
  'audit',
  'changes',
  'planned',
];

/** How long they are kept, ms. */
export const keptFor = 30 * 24 * 3_600_000;

/** How long it is kept what operators did, ms. */
export const auditKeptFor = 400 * 24 * 3_600_000;
