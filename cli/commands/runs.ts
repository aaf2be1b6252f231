import { toReportJson } from '../../shared/operator/json/report.ts';
import { newMeter } from '../../shared/state/meter.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { renderRuns } from '../render/status.ts';

/** Lists the last runs, the newest request first. Only reads. */
export async function runs(
  services: Services,
  io: CliIo,
  { limit, json }: { readonly limit: number; readonly json: boolean },
): Promise<ExitCode> {
  const found = await services.runs(newMeter()).recent(limit);
  io.out(
    json
      ? `${JSON.stringify({ runs: found.map(toReportJson) })}\n`
      : renderRuns(found, services.clock.now(), io.layout),
  );
  return 0;
}
