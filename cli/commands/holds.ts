import type { PersonKey } from '../../shared/core/model/email.ts';
import { audited, type Ended } from '../../shared/operator/actions/audited.ts';
import { approveHeldRun, releaseHeldPerson } from '../../shared/operator/actions/holds.ts';
import { toHoldsJson } from '../../shared/operator/json/holds.ts';
import { readHolds } from '../../shared/operator/views/holds.ts';
import { approvedWords, heldByWords, holdWords } from '../../shared/operator/words/holds.ts';
import { refusalWords } from '../../shared/operator/words/refusals.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { actingAs } from '../process/acting.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { renderHolds } from '../render/holds.ts';
import { refusalOf } from '../render/refusal.ts';
import { endOfResult, reportPerson } from './sync-one.ts';
import { followAndReport, sayWhatIsInTheWay } from './sync-run.ts';

export type HoldsAction =
  | { readonly kind: 'list' }
  | { readonly kind: 'approve'; readonly runId: string; readonly background: boolean }
  | { readonly kind: 'release'; readonly person: PersonKey };

export interface HoldsOptions {
  readonly action: HoldsAction;
  readonly json: boolean;
}

/** Shows what waits until an operator decides, or lets one held run or person go on. */
export function holds(services: Services, io: CliIo, { action, json }: HoldsOptions): Promise<ExitCode> {
  switch (action.kind) {
    case 'list':
      return list(services, io, json);
    case 'approve':
      return approve(services, io, action, json);
    case 'release':
      return release(services, io, action.person, json);
  }
}

async function list(services: Services, io: CliIo, json: boolean): Promise<ExitCode> {
  const found = await readHolds(services);
  io.out(json ? `${JSON.stringify(toHoldsJson(found))}\n` : renderHolds(found));
  return 0;
}

async function approve(
  services: Services,
  io: CliIo,
  { runId, background }: Extract<HoldsAction, { kind: 'approve' }>,
  json: boolean,
): Promise<ExitCode> {
  const acting = actingAs(io, undefined);
  const approved = await audited(services, acting, { action: 'approve-run', runId }, async () => {
    const result = await approveHeldRun(services, runId);
    const words = result.kind === 'refused' ? refusalWords(result.reason) : 'approved';
    return { result, end: { state: result.kind === 'refused' ? 'refused' : 'done', words } };
  });
  if (approved.kind === 'refused') throw refusalOf(approved.reason);
  (json ? io.err : io.out)(`${approvedWords(approved, services.clock.now()).join('\n')}\n`);
  if (!background) return followAndReport(services, io, runId, { json });
  await sayWhatIsInTheWay(services, io, runId);
  io.out(json ? `${JSON.stringify({ runId })}\n` : 'See how it is with: devsync status\n');
  return 0;
}

async function release(services: Services, io: CliIo, person: PersonKey, json: boolean): Promise<ExitCode> {
  const acting = actingAs(io, undefined);
  const released = await audited(services, acting, { action: 'release-person', person }, async (actionId) => {
    const result = await releaseHeldPerson(services, person, { actionId });
    const end: Ended =
      result.kind === 'refused' ? { state: 'refused', words: refusalWords(result.reason) } : endOfResult(result.result);
    return { result, end };
  });
  if (released.kind === 'refused') throw refusalOf(released.reason);
  if (!json && released.kind === 'looked-at') io.out(`Held until now: ${heldByWords(released)}\n`);
  const code = reportPerson(io, released.result, json);
  if (!json && released.hold !== undefined) io.out(`  held    still: ${holdWords(released.hold.reason).advice}\n`);
  return released.kind === 'left-alone' ? 1 : code;
}
