import pino, { type DestinationStream } from 'pino';
import { scrub } from '../apigee/scrub.ts';
import type { Log } from './log.ts';
import { personHasher } from './person-hash.ts';

export interface JsonLogOptions {
  /**
   * Key of the hash that stands for a person. Undefined: a new key, so that hashes can be compared within one process
   * only.
   */
  readonly hashKey: string | undefined;
  readonly project: string;
  readonly destination?: DestinationStream;
}

/** Writes one JSON object a line to stdout, as Cloud Logging reads it. A person appears as a keyed hash (rule 27). */
export function createJsonLog({ hashKey, project, destination }: JsonLogOptions): Log {
  const hashOf = personHasher(hashKey);
  const logger = pino(
    {
      base: null,
      messageKey: 'message',
      // The time is the first member, because there is no level. So it begins without the comma that pino expects here.
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
      // An attribute may be named after somebody.
      ...(fields === undefined ? {} : { fields: fields.map(discreet) }),
      ...(person === undefined ? {} : { person: hashOf(person) }),
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
