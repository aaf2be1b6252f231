import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { Refusal, type CliIo, type ExitCode } from './cli-io.ts';

const line = z.object({
  out: z.string().optional(),
  err: z.string().optional(),
  code: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).optional(),
});

/**
 * Runs a command in the process of the local stack, and prints what it prints there, as it comes. `control`: base URL of
 * that process.
 */
export async function forward(control: string, args: readonly string[], io: CliIo): Promise<ExitCode> {
  let code: ExitCode | undefined;
  try {
    for await (const text of linesOf(`${control.replace(/\/+$/, '')}/devsync`, { args, layout: io.layout })) {
      const said = line.parse(JSON.parse(text));
      if (said.err !== undefined) io.err(said.err);
      if (said.out !== undefined) io.out(said.out);
      code = said.code;
    }
  } catch {
    throw new Refusal(unanswered);
  }
  if (code === undefined) throw new Refusal(unanswered);
  return code;
}

const unanswered = 'The local stack does not answer: start it again with npm start';

async function* linesOf(url: string, order: object): AsyncGenerator<string> {
  const headers = { 'content-type': 'application/json' };
  const { body } = await fetch(url, { method: 'POST', headers, body: JSON.stringify(order) });
  if (body === null) return;
  for await (const text of createInterface({ input: Readable.fromWeb(body) })) yield text;
}
