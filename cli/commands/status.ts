import { toStatusJson } from '../../shared/operator/json/status.ts';
import { readStatus } from '../../shared/operator/views/status.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { renderStatus } from '../render/status.ts';

/** Shows how the synchronisation stands. Only reads. */
export async function status(services: Services, io: CliIo, { json }: { readonly json: boolean }): Promise<ExitCode> {
  const found = await readStatus(services);
  io.out(json ? `${JSON.stringify(toStatusJson(found))}\n` : renderStatus(found, io.layout));
  return 0;
}
