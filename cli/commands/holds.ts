import type { PersonKey } from '../../shared/core/model/email.ts';
import { destroys } from '../../shared/core/model/change.ts';
import type { HoldReason } from '../../shared/core/model/link.ts';
import { audited, type Ended } from '../../shared/operator/actions/audited.ts';
import { approveHeldRun, releaseHeldPerson } from '../../shared/operator/actions/holds.ts';
import { toHoldsJson } from '../../shared/operator/json/holds.ts';
import type { ManyStep } from '../../shared/operator/actions/many.ts';
import { releaseMany } from '../../shared/operator/actions/release-many.ts';
import { adviceFor, plannedBy, readHolds } from '../../shared/operator/views/holds.ts';
import { readPlan } from '../../shared/operator/views/plan.ts';
import { whatStops } from '../../shared/operator/views/what-stops.ts';
import { approvedWords, heldByWords, holdWords } from '../../shared/operator/words/holds.ts';
import { refusalWords } from '../../shared/operator/words/refusals.ts';
import { personWords } from '../../shared/operator/words/results.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import { whatStopsWords } from '../../shared/operator/words/what-stops.ts';
import { newMeter } from '../../shared/state/meter.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { actingAs } from '../process/acting.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { confirm, confirmCount } from '../process/confirm.ts';
import { renderHolds, renderPlanned } from '../render/holds.ts';
import { renderQuestion } from '../render/plan.ts';
import { peopleBar } from '../render/progress-bar.ts';
import { noneReleased, renderRelease, renderReleased, toReleasedJson, type Released } from '../render/released.ts';
import { refusalOf } from '../render/refusal.ts';
import { endOfResult, reportPerson } from './sync-one.ts';
import { followAndReport, sayWhatIsInTheWay } from './sync-run.ts';

export type HoldsAction =
  | { readonly kind: 'list' }
  | { readonly kind: 'approve'; readonly runId: string; readonly background: boolean }
  | { readonly kind: 'release'; readonly person: PersonKey }
  | { readonly kind: 'release-all'; readonly reason: HoldReason };

export interface HoldsOptions {
  readonly action: HoldsAction;
  readonly json: boolean;
  /** Do not ask. */
  readonly yes: boolean;
  readonly reason: string | undefined;
}

/** Shows what waits until an operator decides, or lets one held run, one person or many go on. */
export function holds(services: Services, io: CliIo, { action, ...options }: HoldsOptions): Promise<ExitCode> {
  switch (action.kind) {
    case 'list':
      return list(services, io, options.json);
    case 'approve':
      return approve(services, io, action, options);
    case 'release':
      return release(services, io, action.person, options);
    case 'release-all':
      return releaseAll(services, io, action.reason, options);
  }
}

type Options = Omit<HoldsOptions, 'action'>;

async function list(services: Services, io: CliIo, json: boolean): Promise<ExitCode> {
  const found = await readHolds(services);
  io.out(json ? `${JSON.stringify(toHoldsJson(found))}\n` : renderHolds(found, io.layout));
  return 0;
}

async function approve(
  services: Services,
  io: CliIo,
  { runId, background }: Extract<HoldsAction, { kind: 'approve' }>,
  { json, yes, reason }: Options,
): Promise<ExitCode> {
  const people = await confirmApproval(services, io, runId, yes);
  const approved = await audited(services, actingAs(io, reason), { action: 'approve-run', runId, people }, async () => {
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

/** Shows whom the run waits for, and asks (rule 39). Answers how many they are; undefined where nothing can be approved. */
async function confirmApproval(
  services: Services,
  io: CliIo,
  runId: string,
  yes: boolean,
): Promise<number | undefined> {
  const runs = services.runs(newMeter());
  const run = await runs.get(runId);
  if (run?.state !== 'held' || run.gate === undefined || adviceFor(run, services.clock.now()) !== 'approve')
    return undefined;
  const { planned } = run.gate;
  if (yes) return planned;
  const plan = run.gate.review ? await readPlan(services, runId) : undefined;
  const rows = plan === undefined ? await plannedBy(runs, run) : [];
  io.err(plan === undefined ? renderPlanned(rows) : renderQuestion(plan));
  const gone = [
    ...rows.filter(({ act }) => act === 'delete' || act === 'deactivate').map(({ key }) => key as PersonKey),
    ...(plan?.first ?? []).filter(destroys).map(({ key }) => key),
  ];
  if (gone.length === 1) await sayWhatStops(services, io, gone);
  await confirmCount(io, planned);
  return planned;
}

async function release(
  services: Services,
  io: CliIo,
  person: PersonKey,
  { json, yes, reason }: Options,
): Promise<ExitCode> {
  if (!yes) await confirmRelease(services, io, person);
  const acting = actingAs(io, reason);
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

/** Asks where releasing would delete or deactivate somebody (rule 39). */
async function confirmRelease(services: Services, io: CliIo, person: PersonKey): Promise<void> {
  const links = await services.people(newMeter()).links([person]);
  if (links.get(person)?.link.hold?.reason !== 'destructive-limit') return;
  io.err(`Releasing ${safeText(personWords(person))} deactivates or deletes them: it was held as one too many.\n`);
  await sayWhatStops(services, io, [person]);
  await confirm(io, 'yes');
}

async function sayWhatStops(services: Services, io: CliIo, people: readonly PersonKey[]): Promise<void> {
  for (const words of whatStopsWords(await whatStops(services, people))) io.err(`${words}\n`);
}

async function releaseAll(
  services: Services,
  io: CliIo,
  reason: HoldReason,
  { json, yes, reason: why }: Options,
): Promise<ExitCode> {
  const found = await readHolds(services);
  const people = found.people.filter((person) => person.reason === reason);
  if (people.length === 0) {
    io.out(json ? `${JSON.stringify(toReleasedJson(reason, noneReleased))}\n` : 'Nobody is held for that reason.\n');
    return 0;
  }
  if (!yes) {
    io.err(renderRelease(reason, people));
    await confirmCount(io, people.length);
  }
  const keys = people.map(({ key }) => key);
  const view = io.terminal === undefined ? undefined : peopleBar(io.terminal, keys.length);
  const ended = await finished(io, releaseMany(services, actingAs(io, why), keys, Infinity), view).finally(() =>
    view?.end(),
  );
  io.out(json ? `${JSON.stringify(toReleasedJson(reason, ended))}\n` : renderReleased(ended));
  if (!found.exact) io.err('There may be more: give the command again.\n');
  return ended.held + ended.failed + ended.left > 0 ? 2 : 0;
}

/** Reads the steps to their end, and says of each person who is not released why not. */
async function finished(
  io: CliIo,
  steps: AsyncGenerator<ManyStep>,
  view: { show(done: number): void } | undefined,
): Promise<Released> {
  let ended: Released = noneReleased;
  for await (const step of steps) {
    if (step.kind === 'over') {
      const { done, held, failed, left } = step.totals;
      ended = { released: done - held - failed, held, failed, left };
    } else if (step.kind === 'person') {
      const { state, words } = step.one;
      view?.show(step.done);
      if (state === 'held' || state === 'failed')
        io.err(`${safeText(personWords(step.key))}: ${state === 'held' ? 'held still' : state}, ${safeText(words)}\n`);
    }
  }
  return ended;
}
