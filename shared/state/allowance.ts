import { z } from 'zod';
import { maybe, unreadable } from './maybe.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What one hour of the clock has seen of real-time destructive writes. */
export interface HourSpent {
  readonly spent: number;
  /** By minute of the hour, from 0. A version before this one noted no minutes: those writes are in `spent` only. */
  readonly minutes: ReadonlyMap<number, number>;
}

/** The two hours of the clock that the last 60 minutes lie in. */
export interface LastHours {
  readonly before: HourSpent;
  readonly current: HourSpent;
}

export const nothingSpent: HourSpent = { spent: 0, minutes: new Map() };

/** The ids of the documents of both hours. `at`: ms since the epoch. */
export function hourIds(at: number): Readonly<Record<keyof LastHours, string>> {
  return { before: hourId(at - hourMs), current: hourId(at) };
}

/**
 * Takes one from what any 60 minutes may see (rule 16): the current hour as it is afterwards, or undefined where `limit`
 * is used up. A minute counts until all of it is more than 60 minutes ago, so that never too many pass; a write whose
 * minute is not known counts as long as its hour is looked at.
 */
export function spendOne({ before, current }: LastHours, at: number, limit: number): HourSpent | undefined {
  const start = Math.floor(at / hourMs) * hourMs;
  const from = at - hourMs;
  if (spentSince(before, start - hourMs, from) + spentSince(current, start, from) >= limit) return undefined;
  const minute = Math.floor((at - start) / minuteMs);
  const minutes = new Map(current.minutes).set(minute, (current.minutes.get(minute) ?? 0) + 1);
  return { spent: current.spent + 1, minutes };
}

function spentSince({ spent, minutes }: HourSpent, start: number, from: number): number {
  const over = [...minutes].filter(([minute]) => start + (minute + 1) * minuteMs <= from);
  return over.reduce((left, [, count]) => left - count, spent);
}

function hourId(at: number): string {
  return new Date(at).toISOString().slice(0, 13);
}

const stored = z.object({ spent: z.number(), minutes: maybe(z.record(z.string(), z.number())) });

export function encodeAllowance({ spent, minutes }: HourSpent): Record<string, unknown> {
  return { spent, minutes: Object.fromEntries([...minutes].map(([minute, count]) => [String(minute), count])) };
}

/** Throws where the document is not an hour's. */
export function decodeAllowance(hour: string, data: unknown): HourSpent {
  const parsed = stored.safeParse(data);
  if (!parsed.success) throw unreadable(`allowance ${hour}`, parsed.error);
  const { spent, minutes = {} } = parsed.data;
  return { spent, minutes: new Map(Object.entries(minutes).map(([minute, count]) => [Number(minute), count])) };
}

/** The id of the document that counts what a run may have created (rule 32). No hour's document has such a one. */
export function creationsId(runId: string): string {
  return `creations-${runId}`;
}

const storedCreations = z.object({ taken: z.number() });

export function encodeCreations(taken: number): Record<string, unknown> {
  return { taken };
}

/** Throws where the document is not a run's. */
export function decodeCreations(id: string, data: unknown): number {
  const parsed = storedCreations.safeParse(data);
  if (!parsed.success) throw unreadable(`allowance ${id}`, parsed.error);
  return parsed.data.taken;
}
