import { z } from 'zod';
import { Refusal, type CliIo, type ExitCode } from './cli-io.ts';

const answer = z.object({
  out: z.string(),
  err: z.string(),
  code: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
});

/**
 * Runs a command in the process of the local stack, and prints what it printed there. `control`: base URL of that
 * process.
 */
export async function forward(control: string, args: readonly string[], io: CliIo): Promise<ExitCode> {
  const { out, err, code } = await ask(`${control.replace(/\/+$/, '')}/devsync`, args);
  if (err !== '') io.err(err);
  if (out !== '') io.out(out);
  return code;
}

async function ask(url: string, args: readonly string[]): Promise<z.infer<typeof answer>> {
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ args }) });
    return answer.parse(await response.json());
  } catch {
    throw new Refusal('The local stack does not answer: start it again with npm start');
  }
}
