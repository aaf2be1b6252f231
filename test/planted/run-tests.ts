import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

export type TestsEnded =
  | { readonly kind: 'green' }
  /** A test found something that was not as it has to be. */
  | { readonly kind: 'red'; readonly test: string }
  /** Types or files are broken, or a test failed before it could check anything: that proves nothing. */
  | { readonly kind: 'broken'; readonly why: string };

const reportSchema = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});
type Report = z.infer<typeof reportSchema>;

/** What `expect`, fast-check and the tests' own checks throw. A TypeError or a timeout only says that something is broken. */
const checked = /^(?:AssertionError|Error)\b/;
/** Some defects have a test wait for ever. */
const longestMs = 5 * 60_000;

/** Whether everything compiles; unused names do no harm. What has not changed since the time before is not checked again. */
export async function checkTypes(folder: string, stop: AbortSignal): Promise<boolean> {
  const lenient = ['--noUnusedLocals', 'false', '--noUnusedParameters', 'false'];
  const kept = ['--incremental', '--tsBuildInfoFile', join(folder, 'types.tsbuildinfo')];
  return (await run(folder, ['typescript/bin/tsc', '--noEmit', ...lenient, ...kept], stop)) === 0;
}

/** Runs these test files until the first test goes red. */
export async function runTests(folder: string, files: Iterable<string>, stop: AbortSignal): Promise<TestsEnded> {
  const reports = await mkdtemp(join(tmpdir(), 'planted-report-'));
  const report = join(reports, 'report.json');
  try {
    const options = ['--project', 'product', '--bail', '1', '--reporter', 'json', '--outputFile', report];
    await run(folder, ['vitest/vitest.mjs', 'run', ...options, ...files], stop);
    return judge(reportSchema.parse(JSON.parse(await readFile(report, 'utf8'))));
  } catch (error) {
    stop.throwIfAborted();
    return { kind: 'broken', why: `no report: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

function judge({ success, testResults }: Report): TestsEnded {
  if (success) return { kind: 'green' };
  const failed = testResults.flatMap((file) => file.assertionResults.filter(({ status }) => status === 'failed'));
  const red = failed.find(({ failureMessages }) => failureMessages?.some((message) => checked.test(message)));
  if (red !== undefined) return { kind: 'red', test: red.fullName };
  const unloaded = testResults.find(({ message }) => message !== '')?.message;
  return { kind: 'broken', why: unloaded ?? failed[0]?.failureMessages?.[0] ?? 'no test ran' };
}

/** Resolves with the exit code once the process is gone, also when it was stopped. */
async function run(
  folder: string,
  [script = '', ...args]: readonly string[],
  stop: AbortSignal,
): Promise<number | null> {
  stop.throwIfAborted();
  const path = join(folder, 'node_modules', script);
  const child = spawn(process.execPath, [path, ...args], {
    cwd: folder,
    stdio: 'ignore',
    signal: stop,
    timeout: longestMs,
  });
  const { promise: gone, resolve } = Promise.withResolvers<number | null>();
  child.once('error', () => undefined);
  child.once('close', resolve);
  const code = await gone;
  stop.throwIfAborted();
  return code;
}
