import { resumeIfStalled } from '../../run/lifecycle/resume.ts';
import { batchAllowance } from '../../wiring/allowances.ts';
import { openSession, type Services } from '../../wiring/services.ts';

/** Sets a run going again if it stands still for long enough; otherwise does nothing. */
export async function resumeStalledRun(services: Services, runId: string): Promise<void> {
  await resumeIfStalled(openSession(services, batchAllowance), runId);
}
