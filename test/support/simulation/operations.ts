import { decodeChange } from '../../../shared/state/change-document.ts';
import type { Change } from '../../../shared/core/model/change.ts';
import { actorName } from '../../../shared/core/model/link.ts';
import type { AuditTable } from '../../../shared/state/in-memory/audit.ts';
import { newCollections, type Collection, type Collections } from '../../../shared/state/in-memory/collection.ts';
import type { Run } from '../../../shared/state/runs.ts';
import type { Field, Side } from './fields.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** What an operator wants to be set. */
export interface Order {
  readonly email: string;
  readonly field: Field;
  readonly value: string;
  /** Its first write, which is the operator's edit; that to the other side follows from it. */
  readonly isMade?: true;
  /** Both sides have what it wants, or it has said why not. */
  readonly isEnded?: true;
}

/** A value that was written to one side, by whomever. */
export interface SeenWrite {
  readonly at: number;
  readonly side: Side;
  readonly email: string;
  readonly field: Field | 'status';
  readonly before: string | undefined;
  readonly value: string | undefined;
  /** Undefined: people. */
  readonly writer: Process | undefined;
  /** What the product did it for. */
  readonly run: Run | undefined;
}

/** What operators have done since the beginning, and what it is held against. */
export interface Operations {
  commands: number;
  readonly audit: AuditTable;
  readonly plans: Collections;
  /** By process. */
  readonly orders: Map<string, Order>;
  readonly writes: SeenWrite[];
  /** Records that an undo has deleted and that nobody has made again or released: side and email. */
  readonly removed: Set<string>;
  /** People of whom an undo has ever deleted one. */
  readonly everRemoved: Set<string>;
  /** People of whom an undo has deleted one of two on a side: the other one may meet the other side for the first time. */
  readonly parted: Set<string>;
  /** Emails that portal users have ever given up or taken. */
  readonly handedOn: Set<string>;
  /** When somebody last made, deleted or moved a record, by email. */
  readonly moved: Map<string, number>;
  /** What of an undone creation the product has left on a side when it wrote last: by id of the record. */
  readonly left: Map<string, string>;
  /** As what the product made records: by id. */
  readonly made: Map<string, string>;
}

export function newOperations(): Operations {
  return {
    commands: 0,
    audit: new Map(),
    plans: newCollections(),
    orders: new Map(),
    writes: [],
    removed: new Set(),
    everRemoved: new Set(),
    parted: new Set(),
    handedOn: new Set(),
    moved: new Map(),
    left: new Map(),
    made: new Map(),
  };
}

export function runOf({ database }: World, process: Process | undefined): Run | undefined {
  return process?.runId === undefined ? undefined : database.runs.runs.get(process.runId);
}

/** Whether a process undoes something, and does not only show what it would. */
export function isUndoing(world: World, process: Process | undefined): boolean {
  const run = runOf(world, process);
  return run?.mode === 'undo' && !run.dryRun;
}

/** What is kept of one act for one person, the earliest first. `act`: as of an undo. */
export function changesIn(collection: Collection, email: string, act?: string): readonly Change[] {
  return [...collection.after(undefined)]
    .filter(({ data }) => data['key'] === email)
    .map(({ id, data }) => decodeChange(id, data))
    .filter(({ by, id }) => act === undefined || actorName(by) === act || id === act)
    .toReversed();
}

/** Those about the record that the last of them is about: what was done to another one before is not undone with it. */
export function ofLastRecord(changes: readonly Change[], side: Side): readonly Change[] {
  const about = changes.filter(({ acts }) => acts[side] !== undefined);
  const idOf = (change?: Change): string | undefined => (side === 'portal' ? change?.userId : change?.developerId);
  const last = idOf(about.at(-1));
  return about.slice(about.findLastIndex((change) => idOf(change) !== last) + 1);
}

export function nameOf(side: Side, email: string): string {
  return `${side} ${email}`;
}

/** Somebody made, deleted or moved a record, or let the person go on: what an undo had removed may come back. */
export function noteMoved({ operations, scheduler }: World, email: string): void {
  operations.moved.set(email, scheduler.now());
  operations.removed.delete(nameOf('portal', email));
  operations.removed.delete(nameOf('apigee', email));
}

export function runOver({ state }: Run): boolean {
  return state === 'done' || state === 'failed';
}
