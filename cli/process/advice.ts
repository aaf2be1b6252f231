import { scrub } from '../../shared/apigee/scrub.ts';
import { ConfigError } from '../../shared/config/config.ts';
import { Refusal, type CliIo } from './cli-io.ts';
import { safeLines } from '../../shared/operator/words/safe-text.ts';
import { RunNotOver } from '../../shared/operator/views/progress.ts';

const login = 'run: gcloud auth application-default login';

/** By gRPC status code, which Google's clients put on their errors. */
const byCode: Readonly<Record<string, string>> = {
  3: 'Google Cloud does not accept the request: check GOOGLE_CLOUD_PROJECT, FIRESTORE_DATABASE and the topics',
  4: 'Google Cloud did not answer in time: try again',
  5: 'The project, the database or a topic does not exist: check GOOGLE_CLOUD_PROJECT, FIRESTORE_DATABASE and SYNC_REQUESTS_TOPIC',
  7: 'Your account may not do this: it needs roles/datastore.user and roles/pubsub.publisher in the project, and roles/pubsub.subscriber to replay',
  8: 'A quota of Google Cloud is used up: try again later',
  14: 'Google Cloud cannot be reached: check the network, or whether the local stack is up, and try again',
  16: `Google Cloud does not accept your credentials: ${login}`,
};
const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EAI_AGAIN', 'EHOSTUNREACH']);

/** Writes what went wrong and what to do about it; with DEBUG=devsync, the stack too. */
export function sayProblem(error: unknown, { err, env }: Pick<CliIo, 'err' | 'env'>): void {
  err(`${safeLines(adviceFor(error))}\n`);
  if (error instanceof Error && env['DEBUG']?.includes('devsync') === true) err(`${safeLines(error.stack ?? '')}\n`);
}

/** What went wrong and what to do. Messages of the client libraries may quote personal data, so none is repeated. */
export function adviceFor(error: unknown): string {
  if (error instanceof ConfigError || error instanceof Refusal) return error.message;
  if (error instanceof RunNotOver) return `${error.message} ${notOver(error)}`;
  if (!(error instanceof Error)) return 'Something unexpected went wrong: try again with DEBUG=devsync to see more';
  const code = codeOf(error) ?? codeOf(error.cause);
  if (/default credentials/iu.test(error.message)) return `There are no Google Cloud credentials: ${login}`;
  if (/invalid_grant|invalid_rapt|reauth/iu.test(error.message)) return `Your credentials have expired: ${login}`;
  if (/unable to detect a project id/iu.test(error.message)) return 'GOOGLE_CLOUD_PROJECT is not set: set it';
  const known = code === undefined ? undefined : byCode[code];
  if (known !== undefined) return known;
  if (code !== undefined && unreachable.has(code)) return byCode[14] ?? code;
  if (code === undefined && error.message.includes('cannot be read')) return scrub(error.message, [], []);
  const what = code === undefined ? error.name : `${error.name} ${code}`;
  return `Something unexpected went wrong (${what}): try again with DEBUG=devsync to see more`;
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined;
}

function notOver({ run }: RunNotOver): string {
  switch (run?.state) {
    case undefined:
      return 'Is fan-out deployed, and does it subscribe to the topic of sync requests? devsync status shows what it rejected.';
    case 'queued':
      return 'It begins when the active run is over: devsync status shows both.';
    default:
      return 'It may still go on, and the next request sets it going again if not: devsync status shows how far it is.';
  }
}
