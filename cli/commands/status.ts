import { newMeter } from '../../shared/state/meter.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { CliIo, ExitCode } from '../cli-io.ts';
import { readStatus } from '../read-status.ts';
import { renderStatus } from '../render-status.ts';
import { toStatusJson } from '../status-json.ts';

/** Shows how the synchronisation stands. Only reads. */
export async function status(services: Services, io: CliIo, { json }: { readonly json: boolean }): Promise<ExitCode> {
  const meter = newMeter();
  const found = await readStatus(services.people(meter), services.runs(meter), services.clock.now());
  io.out(json ? `${JSON.stringify(toStatusJson(found))}\n` : renderStatus(found));
  return 0;
}
