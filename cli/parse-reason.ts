import { Refusal } from './process/cli-io.ts';

/** In characters, as every reason that is kept; a function rejects a message with a longer one. */
const longestReason = 500;

/** The reason that `--reason` gives. Throws Refusal where it is too long. */
export function readReason(text: string | undefined): string | undefined {
  const reason = text?.trim();
  if (reason !== undefined && reason.length > longestReason)
    throw new Refusal(`--reason may have ${String(longestReason)} characters`);
  return reason === '' ? undefined : reason;
}
