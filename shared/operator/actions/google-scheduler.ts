import type { protos } from '@google-cloud/scheduler';
import type { OpenScheduler, ScheduledJob } from './schedule.ts';

type Job = protos.google.cloud.scheduler.v1.IJob;

/** Cloud Scheduler itself. Its client is loaded only when it is opened: no other action needs it. */
export const openGoogleScheduler: OpenScheduler = async ({ project, location }) => {
  const { CloudSchedulerClient } = await import('@google-cloud/scheduler');
  const client = new CloudSchedulerClient({ projectId: project });
  const request = (job: string): { readonly name: string } => ({ name: client.jobPath(project, location, job) });
  return {
    get: (job) => found(client.getJob(request(job))),
    pause: (job) => found(client.pauseJob(request(job))),
    resume: (job) => found(client.resumeJob(request(job))),
    run: (job) => found(client.runJob(request(job))),
    close: () => client.close(),
  };
};

const notFound = 5;

async function found(answer: Promise<readonly [Job, ...unknown[]]>): Promise<ScheduledJob | undefined> {
  try {
    const [job] = await answer;
    return {
      state: typeof job.state === 'string' ? job.state : 'UNKNOWN',
      schedule: job.schedule ?? '',
      timeZone: job.timeZone ?? '',
      next: timeOf(job.scheduleTime),
      lastAttempt: timeOf(job.lastAttemptTime),
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === notFound) return undefined;
    throw error;
  }
}

function timeOf(timestamp: protos.google.protobuf.ITimestamp | null | undefined): number | undefined {
  return timestamp?.seconds === null || timestamp?.seconds === undefined ? undefined : Number(timestamp.seconds) * 1000;
}
