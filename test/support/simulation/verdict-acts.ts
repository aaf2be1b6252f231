import { planOfRun, storedName, unbroken } from './watch-acts.ts';
import type { Change, FieldWrite } from '../../../shared/core/model/change.ts';
import type { ReportRow } from '../../../shared/state/batch.ts';
import type { Run } from '../../../shared/state/runs.ts';
import { developerValue, fields, portalValue, type Field, type Side } from './fields.ts';
import { changesIn, ofLastRecord, type SeenWrite } from './operations.ts';
import { snapshot, type Person } from './snapshot.ts';
import { problem, type World } from './world.ts';

/** What undos and plans that ended since `since` (true time, ms) came to. */
export function judgeActs(world: World, since: number): void {
  for (const run of world.database.runs.runs.values()) {
    // Of two walks over a listing that moves meanwhile, one may make a batch for which nobody waits: such a run fails.
    if (run.chosen !== undefined && run.problem?.includes('does not add up') === true)
      problem(world, `${run.runId} does not add up (rule 26)`);
    const endedAt = (run.finishedAt ?? 0) - world.settings.skew.ours;
    if (run.state !== 'done' || endedAt < since) continue;
    if (run.mode === 'undo' && !run.dryRun) judgeUndo(world, run);
    const plan = planOfRun(run);
    if (plan !== undefined) judgePlanned(world, run, plan);
  }
}

/** Whoever was undone is as before the undone act, but for what was changed since (rule 35). */
export function judgeUndo(world: World, run: Run): void {
  const act = run.chosen?.undo ?? '';
  const { people = [], until = run.startedAt ?? Infinity } = run.chosen ?? {};
  const now = snapshot(world);
  const rows = rowsOf(world, run);
  for (const person of now.values()) {
    const { email, link } = person;
    // What the act changed later nobody had been shown.
    const changes = changesIn(world.database.changes, email, act).filter(({ at }) => at <= until);
    const [first] = changes;
    if (first === undefined || (people.length > 0 && !people.some((key) => key === email))) continue;
    const { ledger, operations } = world;
    if (ledger.tainted.has(email) || link?.base === undefined || isLeftAlone(rows.get(email))) continue;
    const from = first.at - world.settings.skew.ours - recordedWithin;
    if ((operations.moved.get(email) ?? 0) >= from || operations.everRemoved.has(email)) continue;
    for (const write of netWrites(changes)) judgeField(world, run, person, write, from);
  }
}

/** Whether the run has told that it could do nothing for the person: a replica may not know a developer yet (rule 29). */
function isLeftAlone(row: ReportRow | undefined): boolean {
  return row?.outcome === 'failed' || row?.reason.includes('does not find the developer') === true;
}

/** So long, ms, a change may be recorded after it was made. */
const recordedWithin = 15 * 60_000;

/** Of each field that an act has changed, the value before and the one that it left. */
function netWrites(changes: readonly Change[]): readonly FieldWrite[] {
  const written = (['portal', 'apigee'] as const).flatMap((side) =>
    ofLastRecord(changes, side)
      .filter(({ acts }) => acts[side] === 'updated')
      .flatMap(({ fields: all }) => all.filter((write) => write.side === side)),
  );
  const byField = Map.groupBy(written, ({ side, field }) => `${side} ${field}`);
  return [...byField.values()].flatMap((writes) => {
    const [first, last] = unbroken(writes);
    return first === undefined || last === undefined || first.before === last.after
      ? []
      : [{ ...last, before: first.before }];
  });
}

function judgeField(world: World, run: Run, person: Person, write: FieldWrite, from: number): void {
  const { side, before, after } = write;
  const field = ([...fields, 'status'] as const).find((one) => storedName(one) === write.field);
  if (field === undefined || valueNow(world, person, side, field) === before) return;
  const isName = field === 'firstName' || field === 'lastName';
  if (before === undefined && (isName || field === 'status')) return;
  const about = world.operations.writes.filter((one) => one.email === person.email && one.field === field);
  if (about.some(({ writer, at }) => writer === undefined && at >= from)) return;
  // Another act wrote it since: a run, or an undo of the undo.
  const beganAt = (run.startedAt ?? 0) - world.settings.skew.ours;
  const mine = about.findLastIndex((one) => one.side === side && one.value === after && one.at <= beganAt);
  if (about.slice(mine + 1).some((one) => one.side === side && one.run?.runId !== run.runId)) return;
  if (world.ledger.raced.has(person.email) || world.ledger.statusRaced.has(person.email)) return;
  problem(world, `${run.runId} is done, and ${side} ${person.email}: ${field} is not as before (rule 35)`);
}

function valueNow(
  { settings }: World,
  { users, developers }: Person,
  side: Side,
  field: Field | 'status',
): string | undefined {
  const [user] = users;
  const [developer] = developers;
  if (field === 'status') {
    const status = side === 'portal' ? user?.data['status'] : developer?.status;
    return typeof status === 'string' ? status : undefined;
  }
  if (side === 'portal') return user && portalValue(user.data, field, settings.mapping);
  return developer && developerValue(developer, field);
}

/** Whoever a plan's run says it has written was written in every field that the plan told (rule 36). */
function judgePlanned(world: World, run: Run, plan: string): void {
  const { writes } = world.operations;
  for (const [email, { outcome }] of rowsOf(world, run)) {
    if (!/^(created|updated)-/.test(outcome) || world.ledger.tainted.has(email)) continue;
    const [planned] = changesIn(world.operations.plans.of(plan), email, plan);
    for (const told of planned?.fields ?? []) {
      const field = ([...fields, 'status'] as const).find((one) => storedName(one) === told.field);
      const isMade = ({ side, field: name, value }: SeenWrite): boolean =>
        side === told.side && name === field && value === told.after;
      if (field === undefined || planned?.acts[told.side] === 'deleted') continue;
      if (!writes.some((write) => write.email === email && isMade(write)))
        problem(world, `${run.runId}: ${email}: ${told.field} was planned, and never written (rule 36)`);
    }
  }
}

/** What a run has told of people, by key. */
function rowsOf({ database }: World, { runId }: Run): ReadonlyMap<string, ReportRow> {
  const batches = [...(database.runs.batches.get(runId)?.values() ?? [])];
  return new Map(batches.flatMap(({ result }) => result?.rows ?? []).map((row) => [row.key, row]));
}
