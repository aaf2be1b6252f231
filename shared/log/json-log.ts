import { createHmac, randomBytes } from 'node:crypto';
import pino, { type DestinationStream } from 'pino';
import { scrub } from '../apigee/scrub.ts';
import type { Log } from './log.ts';

export interface JsonLogOptions {
  /** Key of the hash that stands for a person; a new one where undefined, so that hashes compare within a process only. */
  readonly hashKey: string | undefined;
  readonly project: string;
  readonly destination?: DestinationStream;
}

/** Structured log as Cloud Logging reads it from stdout: one JSON object a line. A person appears as a keyed hash (rule 27). */
export function createJsonLog({ hashKey, project, destination }: JsonLogOptions): Log {
  const key = hashKey ?? randomBytes(32).toString('hex');
  const logger = pino(
    {
      base: null,
      messageKey: 'message',
      // The first member of all, since there is no level: it begins without the comma that pino expects here.
      timestamp: () => `"time":"${new Date().toISOString()}"`,
      formatters: { level: () => ({}) },
    },
    destination ?? process.stdout,
  );
  return ({ person, stack, trace, message, fields, ...entry }) => {
    const traceId = traceOf(trace);
    logger.info({
      ...entry,
      message: discreet(message),
      // Whoever names an attribute may name it after somebody.
      ...(fields === undefined ? {} : { fields: fields.map(discreet) }),
      ...(person === undefined ? {} : { person: createHmac('sha256', key).update(person).digest('hex').slice(0, 16) }),
      ...(stack === undefined ? {} : { stack_trace: stack }),
      ...(traceId === undefined ? {} : { 'logging.googleapis.com/trace': `projects/${project}/traces/${traceId}` }),
    });
  };
}

function discreet(text: string): string {
  return scrub(text, [], []);
}

function traceOf(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /(?:^|-)([0-9a-f]{32})(?:[-/]|$)/.exec(header)?.[1];
}
