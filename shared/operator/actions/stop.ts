import { cancelRun } from '../../run/lifecycle/cancel-run.ts';
import { setGoing } from '../../run/lifecycle/resume.ts';
import type { Stopped } from '../../state/control.ts';
import { newMeter } from '../../state/meter.ts';
import { batchAllowance } from '../../wiring/allowances.ts';
import { openSession, type Services } from '../../wiring/services.ts';
import type { Refused } from '../words/refusals.ts';
import { audited, type Acting } from './audited.ts';
import { refusedOfState } from './own-state.ts';

/** How long after a stop the last write may begin, ms: what every process knows of a stop is at most so old. */
export const stopTakes = 2000;

export type StoppedWrites =
  /** `again`: they were stopped already, as `stopped` says. */
  { readonly kind: 'stopped'; readonly stopped: Stopped; readonly again: boolean } | Refused;

/** Stops every write to either side (rule 33). Works while everything else is refused. */
export async function stopWrites(services: Services, acting: Acting): Promise<StoppedWrites> {
  const refused = await refusedOfState(services);
  if (refused !== undefined) return refused;
  return audited<StoppedWrites>(services, acting, { action: 'stop' }, async () => {
    const mine: Stopped = { at: services.clock.now(), by: acting.operator.name, reason: acting.reason };
    const before = await services
      .runs(newMeter())
      .updateControl((control) =>
        control.stopped === undefined
          ? { control: { ...control, stopped: mine }, result: undefined }
          : { result: control.stopped },
      );
    services.log({ event: 'writes_stopped', severity: 'WARNING', message: 'an operator stopped every write' });
    const result = { kind: 'stopped', stopped: before ?? mine, again: before !== undefined } as const;
    return { result, end: { state: 'done', words: before === undefined ? 'stopped' : 'were stopped already' } };
  });
}

export type ResumedWrites =
  /** `stopped`: what held until now; undefined: nothing was stopped. */
  { readonly kind: 'resumed'; readonly stopped: Stopped | undefined } | Refused;

/** Lets everything go on after a stop, and sets the run going again that was stopped (rule 33). */
export async function resumeWrites(services: Services, acting: Acting): Promise<ResumedWrites> {
  const refused = await refusedOfState(services);
  if (refused !== undefined) return refused;
  return audited<ResumedWrites>(services, acting, { action: 'resume' }, async () => {
    const session = openSession(services, batchAllowance);
    const stopped = await session.runs.updateControl((control) =>
      control.stopped === undefined
        ? { result: undefined }
        : { control: { ...control, stopped: undefined }, result: control.stopped },
    );
    await setGoing(session);
    services.log({ event: 'writes_resumed', severity: 'NOTICE', message: 'an operator let writes go on' });
    const words = stopped === undefined ? 'nothing was stopped' : 'everything goes on';
    return { result: { kind: 'resumed', stopped }, end: { state: 'done', words } };
  });
}

/** Ends a run that waits or is under way, also while every write is stopped. */
export async function cancelOneRun(
  services: Services,
  acting: Acting,
  runId: string,
): Promise<{ readonly kind: 'cancelled' } | Refused> {
  const refused = await refusedOfState(services);
  if (refused !== undefined) return refused;
  const why = acting.reason === undefined ? '' : `: ${acting.reason}`;
  return audited<{ readonly kind: 'cancelled' } | Refused>(
    services,
    acting,
    { action: 'cancel-run', runId },
    async () => {
      const session = openSession(services, batchAllowance);
      const cancelled = await cancelRun(session, runId, `cancelled by ${acting.operator.name}${why}`);
      switch (cancelled.kind) {
        case 'cancelled':
          return { result: { kind: 'cancelled' }, end: { state: 'done', words: 'cancelled' } };
        case 'unknown':
          return {
            result: { kind: 'refused', reason: { kind: 'run-unknown', runId } },
            end: { state: 'refused', words: 'there is no such run' },
          };
        case 'over':
          return {
            result: { kind: 'refused', reason: { kind: 'run-over', runId, state: cancelled.state } },
            end: { state: 'refused', words: `the run is over: it is ${cancelled.state}` },
          };
      }
    },
  );
}
