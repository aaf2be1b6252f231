import { newMeter } from '../../shared/state/meter.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { readStatus } from '../../shared/operator/views/status.ts';
import { renderStatus } from '../render/status.ts';
import { toStatusJson } from '../../shared/operator/json/status.ts';

/** Shows how the synchronisation stands. Only reads. */
export async function status(services: Services, io: CliIo, { json }: { readonly json: boolean }): Promise<ExitCode> {
  const meter = newMeter();
  const found = await readStatus(services.people(meter), services.runs(meter), services.clock.now());
  io.out(json ? `${JSON.stringify(toStatusJson(found))}\n` : renderStatus(found));
  return 0;
}
