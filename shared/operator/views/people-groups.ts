import type { Outcome } from '../../core/model/link.ts';
import type { ReportedSituation } from '../../core/model/situation.ts';
import type { RunPerson } from './run-people.ts';

/** People of a run for whom the same was found and done. */
export interface PeopleGroup {
  readonly situation: ReportedSituation;
  readonly outcome: Outcome;
  readonly people: number;
  /** The most frequent domains of their emails, the most frequent first. */
  readonly domains: readonly { readonly domain: string; readonly people: number }[];
  /** There are other domains. */
  readonly moreDomains: boolean;
}

/** Of each group so many domains are counted, whichever come first, and so many of these are told. */
const domainsCounted = 1000;
const domainsTold = 3;

/** The largest group first. Memory holds the counts. */
export async function groupPeople(people: AsyncIterable<RunPerson>): Promise<readonly PeopleGroup[]> {
  const groups = new Map<string, Counting>();
  for await (const { key, situation, outcome } of people) {
    const name = `${situation} ${outcome}`;
    const group = groups.get(name) ?? { situation, outcome, people: 0, domains: new Map(), isFull: false };
    groups.set(name, group);
    group.people += 1;
    const domain = key.startsWith('#') ? undefined : key.slice(key.lastIndexOf('@') + 1);
    if (domain !== undefined) count(group, domain);
  }
  return [...groups.values()].map(counted).toSorted((a, b) => b.people - a.people || (nameOf(a) < nameOf(b) ? -1 : 1));
}

interface Counting extends Pick<PeopleGroup, 'situation' | 'outcome'> {
  people: number;
  readonly domains: Map<string, number>;
  isFull: boolean;
}

function count(group: Counting, domain: string): void {
  const before = group.domains.get(domain);
  if (before === undefined && group.domains.size === domainsCounted) group.isFull = true;
  else group.domains.set(domain, (before ?? 0) + 1);
}

function counted({ situation, outcome, people, domains, isFull }: Counting): PeopleGroup {
  const told = [...domains]
    .map(([domain, met]) => ({ domain, people: met }))
    .toSorted((a, b) => b.people - a.people || (a.domain < b.domain ? -1 : 1))
    .slice(0, domainsTold);
  return { situation, outcome, people, domains: told, moreDomains: isFull || domains.size > domainsTold };
}

function nameOf({ situation, outcome }: PeopleGroup): string {
  return `${situation} ${outcome}`;
}
