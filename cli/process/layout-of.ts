import { plainLayout, type Layout } from '../render/layout.ts';

/** `stream`: what takes the answer. A terminal says how wide it is; for others COLUMNS may. NO_COLOR is obeyed. */
export function layoutOf(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'hasColors'>,
  env: Readonly<Record<string, string | undefined>>,
): Layout {
  // Some terminals say that they have no column.
  if (stream.isTTY)
    return { columns: stream.columns || 80, colours: env['NO_COLOR'] === undefined && stream.hasColors(env) };
  const columns = /^[1-9]\d{1,3}$/.test(env['COLUMNS'] ?? '') ? Number(env['COLUMNS']) : plainLayout.columns;
  return { columns, colours: false };
}
