import type { Link } from '../shared/core/model/link.ts';
import type { LinkPage, StoredLink } from '../shared/state/people.ts';

const pageSize = 500;
/** What a look at the terminal may cost, in links read of each kind. */
const mostLinks = 10_000;

/** Links page after page; `exact`: these are all. */
export async function readLinks(
  read: (page: LinkPage) => Promise<readonly StoredLink[]>,
): Promise<{ readonly links: readonly Link[]; readonly exact: boolean }> {
  const links: Link[] = [];
  let after: StoredLink | undefined;
  while (links.length < mostLinks) {
    const page = await read({ after, limit: pageSize });
    links.push(...page.map(({ link }) => link));
    after = page.at(-1);
    if (page.length < pageSize) return { links, exact: true };
  }
  return { links, exact: false };
}
