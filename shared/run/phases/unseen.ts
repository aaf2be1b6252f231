import { canonicalEmail, type PersonKey } from '../../core/model/email.ts';
import type { LinkPage, StoredLink } from '../../state/people.ts';
import type { Control, Run } from '../../state/runs.ts';
import type { SyncDeps } from '../../sync/deps.ts';
import { claimedBy, countClaimedBy } from '../claimed-by.ts';
import { nextStage, startOfLinks, type LinksPlace } from '../links-place.ts';
import type { LinksBatchKind } from './links.ts';
import type { Session } from '../session.ts';

/** Links per page, and people that are enough for a batch. */
const pageSize = 500;
/** Pages after which the place is kept, whether anybody was found or not. */
const pagesAtOnce = 20;

const nobody: ReadonlySet<string> = new Set();

export interface Portion {
  readonly kind: LinksBatchKind;
  readonly people: readonly PersonKey[];
  /** Where the walk goes on; undefined: nobody is left. */
  readonly next: LinksPlace | undefined;
}

/**
 * Who is left once both listings have been walked: people who are only on the portal (all of them in a full run), people
 * something is owed to, and people whose developer the listing should have shown and did not. The last are searched for
 * only where the numbers disagree.
 */
export interface Leftovers {
  begin(): Promise<LinksPlace>;
  /** The next people to make a batch of, at most a thousand. */
  next(from: LinksPlace): Promise<Portion>;
}

interface Stage {
  readonly kind: LinksBatchKind;
  readonly read: (page: LinkPage) => Promise<readonly StoredLink[]>;
  readonly isWanted: (stored: StoredLink) => boolean;
}

export function leftovers(session: Session, deps: SyncDeps, run: Run): Leftovers {
  const { runId } = run;
  const full = run.mode === 'full';
  const { people, policy } = deps;
  const isOutside = ({ link }: StoredLink): boolean => {
    const email = canonicalEmail(link.key);
    return email !== undefined && !policy.inScope(email);
  };
  let claimed: ReadonlySet<string> | undefined;
  const walked = async (): Promise<ReadonlySet<string>> => (claimed ??= await claimedBy(session.runs, runId, 'apigee'));

  const stageOf = async ({ stage, at }: LinksPlace): Promise<Stage> => {
    switch (stage) {
      case 'missing': {
        // On Edge perhaps made again in another spelling since the walk.
        const listed = policy.rename === 'in-place' ? await walked() : nobody;
        return {
          kind: 'missing',
          read: (page) => people.linksOnlyOnPortal(page),
          isWanted: ({ link }) => !listed.has(link.key),
        };
      }
      case 'due':
        return {
          kind: 'look',
          read: (page) => people.linksDue({ ...page, at }),
          // Those who are only on the portal have just been named: nobody is worked on twice at the same time.
          isWanted: ({ link }) => !full || link.presence !== 'portal',
        };
      case 'vanished': {
        const listed = await walked();
        // Whom this run has created was listed by nobody, and who was due has just been named.
        const isNamed = ({ link }: StoredLink): boolean =>
          (link.last?.by.kind === 'run' && link.last.by.runId === runId) || (link.due !== undefined && link.due <= at);
        return {
          kind: 'look',
          read: (page) => people.linksWithDeveloper(page),
          isWanted: (stored) => !listed.has(stored.link.key) && !isNamed(stored),
        };
      }
    }
  };

  return {
    async begin() {
      // Twins in another spelling and unusable emails are developers too, but no links: only people can be compared.
      const listed = await countClaimedBy(session.runs, runId, 'apigee');
      const outside = linksOutside(await session.runs.control(), session.scope);
      const linked = await people.countLinksWithDeveloper();
      return startOfLinks(run, session.now(), linked !== listed + outside);
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

/**
 * Who is outside PORTAL_FILTER by now, and has a developer and a link of former times, is in no listing of ours. What the
 * last search met of them is what the next one expects, or every run would read all links to find them again.
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

function lastSeen(page: readonly StoredLink[]): LinksPlace['after'] {
  const link = page.at(-1)?.link;
  return link && { key: link.key, due: link.due };
}
