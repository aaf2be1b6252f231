import { z } from 'zod';
import { Met } from '../../core/count.ts';
import { canonicalEmail, type PersonKey } from '../../core/model/email.ts';
import { isSameAct } from '../../core/model/link.ts';
import { storedKey } from '../../state/link-document.ts';
import type { LinkPage, StoredLink } from '../../state/people.ts';
import type { Control } from '../../state/control.ts';
import type { LinksBatchKind } from '../../state/batch.ts';
import type { Run } from '../../state/runs.ts';
import type { SyncDeps } from '../../sync/deps.ts';
import type { Session } from '../session.ts';
import { countListed, listedPeople } from './apigee/listed-people.ts';

/** Links per page, and people that are enough for a batch. */
const pageSize = 500;
/** After so many pages the place is written down, whether anybody was found or not. */
const pagesAtOnce = 20;

/**
 * Finds the people whom the Apigee phase has not settled, in three stages: people who are only on the portal (`missing`, in
 * full runs only), people whose link says that they are due (`due`), and people whose developer the listing should have
 * shown and did not (`vanished`). The last are searched for only where the numbers disagree.
 */
export interface Unseen {
  /** Where the walk over the links begins. */
  begin(): Promise<LinksPlace>;
  /** The next people to make a batch of, at most a thousand. */
  next(from: LinksPlace): Promise<Portion>;
}

export interface Portion {
  readonly kind: LinksBatchKind;
  readonly people: readonly PersonKey[];
  /** Where the walk goes on; undefined where it is over. */
  readonly next: LinksPlace | undefined;
}

/** How far the walk over the links has come. */
export interface LinksPlace {
  readonly stage: 'missing' | 'due' | 'vanished';
  /** The `due` stage looks at the links that are due by then, ms. */
  readonly at: number;
  /** Whether there is a `vanished` stage: the numbers disagreed before this walk created anybody. */
  readonly search: boolean;
  /** Links with a developer that the search has met so far and PORTAL_FILTER does not select. */
  readonly outside: number;
  /** The last link seen in this stage. */
  readonly after: { readonly key: PersonKey; readonly due: number | undefined } | undefined;
}

interface Stage {
  readonly kind: LinksBatchKind;
  readonly read: (page: LinkPage) => Promise<readonly StoredLink[]>;
  readonly isWanted: (stored: StoredLink) => boolean;
}

const nobody = new Met();

export function unseenPeople(session: Session, { people, policy, by }: SyncDeps, run: Run): Unseen {
  const { runId } = run;
  const isFull = run.mode === 'full';
  const isOutside = ({ link }: StoredLink): boolean => {
    const email = canonicalEmail(link.key);
    return email !== undefined && !policy.inScope(email);
  };
  let listed: Pick<Met, 'has'> | undefined;
  const readListed = async (): Promise<Pick<Met, 'has'>> => (listed ??= await listedPeople(session.runs, runId));

  const stageOf = async ({ stage, at }: LinksPlace): Promise<Stage> => {
    switch (stage) {
      case 'missing': {
        // On Edge, a listed developer whom the Apigee phase did not find may have been created again in another spelling.
        const shown = policy.rename === 'in-place' ? await readListed() : nobody;
        return {
          kind: 'missing',
          read: (page) => people.linksOnlyOnPortal(page),
          isWanted: ({ link }) => !shown.has(link.key),
        };
      }
      case 'due':
        return {
          kind: 'look',
          read: (page) => people.linksDue({ ...page, at }),
          // In a full run, people who are only on the portal were named in the stage before: nobody is in two batches.
          isWanted: ({ link }) => !isFull || link.presence !== 'portal',
        };
      case 'vanished': {
        const shown = await readListed();
        // A developer whom this run created came after the listing, and people who are due were named in the stage before.
        const isExplained = ({ link }: StoredLink): boolean =>
          (link.last !== undefined && isSameAct(link.last.by, by)) || (link.due !== undefined && link.due <= at);
        return {
          kind: 'look',
          read: (page) => people.linksWithDeveloper(page),
          isWanted: (stored) => !shown.has(stored.link.key) && !isExplained(stored),
        };
      }
    }
  };

  return {
    async begin() {
      // Only people can be compared: further spellings of an email and unusable emails are developers without a link.
      const walked = await countListed(session.runs, run);
      const outside = linksOutside(await session.runs.control(), session.scope);
      const linked = await people.countLinksWithDeveloper();
      const search = linked !== walked + outside;
      return { stage: isFull ? 'missing' : 'due', at: session.now(), search, outside: 0, after: undefined };
    },
    async next(from) {
      const found: PersonKey[] = [];
      let place: LinksPlace | undefined = from;
      for (let pages = 1; place !== undefined; pages += 1) {
        const { kind, read, isWanted } = await stageOf(place);
        const page = await read({ after: place.after && { link: place.after }, limit: pageSize });
        const inside = page.filter((stored) => !isOutside(stored));
        found.push(...inside.filter(isWanted).map(({ link }) => link.key));
        if (place.stage === 'vanished') place = { ...place, outside: place.outside + page.length - inside.length };
        const isOver = page.length < pageSize;
        if (isOver && place.stage === 'vanished' && !run.dryRun) await rememberOutside(session, place.outside);
        place = isOver ? nextStage(place) : { ...place, after: lastSeen(page) };
        const isEnough = found.length >= pageSize || (isOver && found.length > 0);
        if (isEnough || pages === pagesAtOnce || session.now() > session.deadline)
          return { kind, people: found, next: place };
      }
      return { kind: 'look', people: found, next: undefined };
    },
  };
}

/** Undefined behind the last stage. */
function nextStage(place: LinksPlace): LinksPlace | undefined {
  switch (place.stage) {
    case 'missing':
      return { ...place, stage: 'due', after: undefined };
    case 'due':
      return place.search ? { ...place, stage: 'vanished', after: undefined } : undefined;
    case 'vanished':
      return undefined;
  }
}

function lastSeen(page: readonly StoredLink[]): LinksPlace['after'] {
  const link = page.at(-1)?.link;
  return link && { key: link.key, due: link.due };
}

/**
 * People whom PORTAL_FILTER does not select may have a developer, and a link of earlier times: no listing of a run shows
 * them. The next run expects as many such links as this search has met; otherwise every run would search all links.
 */
async function rememberOutside({ runs, scope }: Session, links: number): Promise<void> {
  await runs.updateControl((control) =>
    linksOutside(control, scope) === links
      ? { result: undefined }
      : { control: { ...control, outside: { scope, links } }, result: undefined },
  );
}

function linksOutside({ outside }: Control, scope: string): number {
  return outside?.scope === scope ? outside.links : 0;
}

/** The place as the run's document keeps it: the cursor of the links phase. */
export function encodePlace(place: LinksPlace): string {
  return JSON.stringify(place);
}

/** Throws where the text is not a place. */
export function decodePlace(cursor: string): LinksPlace {
  return storedPlace.parse(JSON.parse(cursor));
}

const storedPlace = z
  .object({
    stage: z.enum(['missing', 'due', 'vanished']),
    at: z.number(),
    search: z.boolean(),
    outside: z.number(),
    after: z.object({ key: storedKey, due: z.number().optional() }).optional(),
  })
  .transform(({ after, ...place }) => ({ ...place, after: after && { key: after.key, due: after.due } }));
