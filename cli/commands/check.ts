import { ConfigError } from '../../shared/config/config.ts';
import { googleRights } from '../../shared/operator/actions/google-rights.ts';
import { needsAttention, toCheckJson } from '../../shared/operator/json/check.ts';
import { readCheck } from '../../shared/operator/views/check.ts';
import type { Services } from '../../shared/wiring/services.ts';
import { adviceFor } from '../process/advice.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { renderCheck } from '../render/check.ts';

export interface CheckOptions {
  readonly sample: number;
  readonly json: boolean;
}

/**
 * Reads settings, rights and a sample of both sides, and says what would fail and what to set. Changes nothing. `connect` makes
 * the services for an environment.
 */
export async function check(
  io: CliIo,
  { sample, json }: CheckOptions,
  connect: (env: CliIo['env']) => Promise<Services>,
): Promise<ExitCode> {
  const { services, problems } = await withoutWrong(io.env, connect);
  const answer = (found?: Awaited<ReturnType<typeof readCheck>>): void =>
    io.out(
      json ? `${JSON.stringify(toCheckJson(problems, found, adviceFor))}\n` : renderCheck(problems, found, adviceFor),
    );
  if (services === undefined) {
    answer();
    return 1;
  }
  try {
    const isEmulated = io.services !== undefined || io.env['FIRESTORE_EMULATOR_HOST'] !== undefined;
    const found = await readCheck(services, sample, io.rights ?? (isEmulated ? undefined : googleRights));
    answer(found);
    if (found.portal.kind === 'unread' || found.apigee.kind === 'unread') return 1;
    return problems.length > 0 || needsAttention(found) ? 2 : 0;
  } finally {
    if (io.services === undefined) await services.close();
  }
}

interface Connected {
  /** Undefined where too little is set. */
  readonly services: Services | undefined;
  /** What is wrong with the settings, a line each. */
  readonly problems: readonly string[];
}

/** Settings that are wrong are left out, so that everything else can be looked at all the same. */
async function withoutWrong(env: CliIo['env'], connect: (env: CliIo['env']) => Promise<Services>): Promise<Connected> {
  let problems: readonly string[] = [];
  try {
    return { services: await connect(env), problems };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems = error.message.split('\n');
  }
  const wrong = new Set(problems.flatMap((line) => /^[A-Z][A-Z_]+/u.exec(line)?.[0] ?? []));
  const right = Object.fromEntries(Object.entries(env).filter(([name]) => !wrong.has(name)));
  try {
    return { services: await connect(right), problems };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { services: undefined, problems };
  }
}
