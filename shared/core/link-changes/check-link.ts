import { intentsKept } from '../model/limits.ts';
import type { Link } from '../model/link.ts';

/**
 * What can become of a link, and which of its fields each event may touch. Every event is a pure function in this folder;
 * nothing else makes a link out of a link.
 *
 * | event                | file                 | may touch                                                                                    |
 * | -------------------- | -------------------- | -------------------------------------------------------------------------------------------- |
 * | leased               | leased.ts            | presence, userId, rivals, intents, lease                                                             |
 * | notedBeforeWriting   | leased.ts            | developer, base, deactivationIntent, tombstone, history                                                                     |
 * | settle               | settled.ts           | presence, userId, rivals, developer, base, intents, deactivationIntent, undoIntent, undone, owesDeletion, tombstone, hold, failure, due, history   |
 * | withLast             | settled.ts           | last                                                                                         |
 * | settleInPart         | settled-in-part.ts   | presence, userId, rivals, developer, base, intents, deactivationIntent, undoIntent, undone, owesDeletion, tombstone, due, history                  |
 * | interrupted          | interrupted.ts       | presence, userId, rivals, developer, base, intents, deactivationIntent, undoIntent, undone, owesDeletion, tombstone, hold, failure, due, lease, last |
 * | refusedByStore       | interrupted.ts       | failure, due, lease, last                                                                    |
 * | undoNoted            | undone.ts            | undoIntent |
 * | undone               | undone.ts            | presence, userId, developer, base, intents, deactivationIntent, undoIntent, undone, owesDeletion, tombstone, hold, failure |
 * | withMark             | marked.ts            | presence, userId, rivals, due                                                                |
 * | withNotesOf          | noted-meanwhile.ts   | presence, userId, rivals, due                                                                |
 * | ontoTarget           | noted-meanwhile.ts   | presence, rivals, developer, base, undone, due |
 * | withClaimOf          | noted-meanwhile.ts   | rivals                                                                                       |
 * | registeredMeanwhile  | noted-meanwhile.ts   | rivals, lease                                                                                |
 * | dueNow               | noted-meanwhile.ts   | due                                                                                          |
 * | release              | released.ts          | developer, base, undone, tombstone, failure, due |
 *
 * A link that moves to another email (`settle`) is the same link under another key.
 */

/** What is wrong with a link, one sentence each; empty for every link that may be stored. */
export function checkLink(link: Link): readonly string[] {
  const { key, presence, userId, rivals, developer, base, intents, failure } = link;
  const isOnPortal = presence === 'portal' || presence === 'both';
  const isDocument = key.startsWith('#');
  const rules: readonly (readonly [boolean, string])[] = [
    [isOnPortal === (userId !== undefined), 'a link is on the portal exactly where it names a portal user'],
    [!rivals.includes(userId ?? ''), 'the portal user of a link is not its own rival'],
    [isSortedSet(rivals), 'rivals are sorted, each once'],
    [base === undefined || developer !== undefined, 'a base belongs to a developer that the link names'],
    [base === undefined || userId !== undefined || presence === 'apigee', 'a base belongs to somebody who is there'],
    [intents.length <= intentsKept, 'no more intents than are kept'],
    [
      (failure?.kind === 'permanent') === (failure !== undefined && failure.fingerprint !== ''),
      'only a failure for good has a fingerprint',
    ],
    [
      !isDocument ||
        (developer === undefined &&
          base === undefined &&
          intents.length === 0 &&
          link.deactivationIntent === undefined),
      'a document without an email has no developer',
    ],
  ];
  return rules.flatMap(([holds, problem]) => (holds ? [] : [problem]));
}

function isSortedSet(ids: readonly string[]): boolean {
  return ids.every((id, place) => place === 0 || (ids[place - 1] ?? '') < id);
}
