import { approveRun, beganAt, type Approval } from '../../shared/run/lifecycle/approve-run.ts';
import { newMeter } from '../../shared/state/meter.ts';
import { releasePerson, type Released } from '../../shared/sync/release-person.ts';
import { batchAllowance } from '../../shared/wiring/allowances.ts';
import { openSession, type Services } from '../../shared/wiring/services.ts';
import { Refusal, type CliIo, type ExitCode } from '../process/cli-io.ts';
import { holdWords } from '../../shared/operator/words/holds.ts';
import { toHoldsJson } from '../../shared/operator/json/holds.ts';
import { findPerson, personKey } from '../process/person-argument.ts';
import { readHolds } from '../../shared/operator/views/holds.ts';
import { renderHolds } from '../render/holds.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import { ago, personWords } from '../../shared/operator/words/words.ts';
import { manualDeps, reportPerson } from './sync-one.ts';
import { followAndReport } from './sync-run.ts';

export type HoldsAction =
  | { readonly kind: 'list' }
  | { readonly kind: 'approve'; readonly runId: string; readonly background: boolean }
  | { readonly kind: 'release'; readonly person: string };

export interface HoldsOptions {
  readonly action: HoldsAction;
  readonly json: boolean;
}

/** Shows what waits for somebody to decide, or lets one held run or person go on. */
export function holds(services: Services, io: CliIo, { action, json }: HoldsOptions): Promise<ExitCode> {
  switch (action.kind) {
    case 'list':
      return list(services, io, json);
    case 'approve':
      return approve(services, io, action, json);
    case 'release':
      return releaseOne(services, io, action.person, json);
  }
}

async function list(services: Services, io: CliIo, json: boolean): Promise<ExitCode> {
  const meter = newMeter();
  const found = await readHolds(services.people(meter), services.runs(meter), services.clock.now());
  io.out(json ? `${JSON.stringify(toHoldsJson(found))}\n` : renderHolds(found));
  return 0;
}

async function approve(
  services: Services,
  io: CliIo,
  { runId, background }: Extract<HoldsAction, { kind: 'approve' }>,
  json: boolean,
): Promise<ExitCode> {
  const approval = await approveRun(openSession(services, batchAllowance), runId);
  if (approval.kind !== 'approved') throw new Refusal(refusalOf(approval, runId));
  (json ? io.err : io.out)(`${approvedWords(approval, services.clock.now()).join('\n')}\n`);
  if (!background) return followAndReport(services, io, runId, { json });
  io.out(json ? `${JSON.stringify({ runId })}\n` : 'See how it is with: devsync status\n');
  return 0;
}

function refusalOf(approval: Exclude<Approval, { kind: 'approved' }>, runId: string): string {
  const name = `The run ${runId}`;
  switch (approval.kind) {
    case 'unknown':
      return `There is no run ${runId}: devsync holds lists those that are held`;
    case 'dry-run':
      return `${name} is a dry run: there is nothing to approve. Request a real one with devsync sync --full`;
    case 'not-held':
      return `${name} is not held, it is ${approval.state}: nothing was approved`;
    case 'too-old':
      return `${name} began more than 7 days ago, too much may have changed: request a new one with devsync sync --full`;
  }
}

function approvedWords(
  { run, again, behind, supersededBy }: Extract<Approval, { kind: 'approved' }>,
  now: number,
): readonly string[] {
  const name = `The run ${safeText(run.runId)}`;
  const planned = String(run.gate?.planned ?? 0);
  const began = ago(beganAt(run), now);
  return [
    again
      ? `${name} was approved before.`
      : `${name} is approved: it began ${began}; each of the ${planned} people it planned for is looked at anew.`,
    ...(supersededBy === undefined
      ? []
      : [`Since then the full run ${safeText(supersededBy)} has looked at everyone.`]),
    ...(behind === undefined ? [] : [`It goes on when the run ${safeText(behind)} is over.`]),
  ];
}

async function releaseOne(services: Services, io: CliIo, argument: string, json: boolean): Promise<ExitCode> {
  const key = personKey(argument);
  const session = openSession(services, batchAllowance);
  const released = await releasePerson(manualDeps(session), await findPerson(session.people, key));
  if (released.kind === 'nothing-held') {
    throw new Refusal(`${personWords(key)} is not held: nothing was released. devsync sync EMAIL looks at one person`);
  }
  if (!json && released.kind === 'looked-at') io.out(`Held until now: ${wasWords(released)}\n`);
  const code = reportPerson(io, released.result, json);
  const hold = (await session.people.links([key])).get(key)?.link.hold;
  if (!json && hold !== undefined) io.out(`  held    still: ${holdWords(hold.reason).advice}\n`);
  return released.kind === 'left-alone' ? 1 : code;
}

function wasWords({ was }: Extract<Released, { kind: 'looked-at' }>): string {
  switch (was) {
    case 'buried':
      return 'one side was deleted; the other counts as new from now on';
    case 'failure':
      return 'it failed for good; tried once more';
    default:
      return holdWords(was).reason;
  }
}
