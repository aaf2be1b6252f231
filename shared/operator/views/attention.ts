import { hash } from 'node:crypto';
import type { HoldReason, Link } from '../../core/model/link.ts';
import { newMeter } from '../../state/meter.ts';
import type { Services } from '../../wiring/services.ts';
import { readLinks } from './status.ts';

/** Held and failed people by reason, the largest group first. Times in ms since the epoch. */
export interface Attention {
  readonly now: number;
  readonly groups: readonly AttentionGroup[];
  /** False: reading ended at a limit, so there may be more people. */
  readonly exact: boolean;
}

export interface AttentionGroup {
  /** Stands for the kind and the reason: the same as long as they are. */
  readonly id: string;
  readonly kind: 'held' | 'failed';
  /** A sentence without values. */
  readonly reason: string;
  /** Of held people. */
  readonly hold: HoldReason | undefined;
  /** The longest waiting first. */
  readonly people: readonly Troubled[];
}

export interface Troubled {
  readonly key: Link['key'];
  readonly since: number;
  readonly attempts: number | undefined;
  readonly due: number | undefined;
}

/** Only reads. */
export async function readAttention(services: Services): Promise<Attention> {
  const people = services.people(newMeter());
  const { links, exact } = await readLinks((page) => people.troubledLinks(page));
  const groups = new Map<string, Omit<AttentionGroup, 'people'> & { readonly people: Troubled[] }>();
  for (const link of links) {
    const trouble = troubleOf(link);
    if (trouble === undefined) continue;
    const { kind, reason, hold, person } = trouble;
    const id = groupId(kind, reason);
    const group = groups.get(id) ?? { id, kind, reason, hold, people: [] };
    group.people.push(person);
    groups.set(id, group);
  }
  const sorted = [...groups.values()].map((group) => ({
    ...group,
    people: group.people.toSorted((a, b) => a.since - b.since),
  }));
  return {
    now: services.clock.now(),
    groups: sorted.toSorted((a, b) => b.people.length - a.people.length || (a.id < b.id ? -1 : 1)),
    exact,
  };
}

interface TroubledPerson extends Pick<AttentionGroup, 'kind' | 'reason' | 'hold'> {
  readonly person: Troubled;
}

/** A person who is held and failed counts as failed: the failure is what happened last. */
function troubleOf({ key, hold, failure, due }: Link): TroubledPerson | undefined {
  if (failure !== undefined) {
    const { message: reason, since, attempts } = failure;
    return { kind: 'failed', reason, hold: undefined, person: { key, since, attempts, due } };
  }
  if (hold === undefined) return undefined;
  const person = { key, since: hold.since, attempts: undefined, due };
  return { kind: 'held', reason: hold.detail, hold: hold.reason, person };
}

function groupId(kind: string, reason: string): string {
  return hash('sha256', `${kind} ${reason}`, 'hex').slice(0, 20);
}
