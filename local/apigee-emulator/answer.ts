import type { Json } from './json.ts';
import type { Failure } from './failure.ts';

/** A complete HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The result of an operation, before a flavour puts it on the wire. `wrote`: something was changed. */
export type Outcome =
  | { readonly kind: 'json'; readonly status: 200 | 201; readonly value: Json; readonly wrote: boolean }
  | { readonly kind: 'no-content'; readonly wrote: boolean }
  | { readonly kind: 'failure'; readonly failure: Failure };

export const read = (value: Json): Outcome => ({ kind: 'json', status: 200, value, wrote: false });
export const wrote = (value: Json, status: 200 | 201 = 200): Outcome => ({ kind: 'json', status, value, wrote: true });
export const failed = (failure: Failure): Outcome => ({ kind: 'failure', failure });

export function html(status: number, sentence: string): Answer {
  const title = `Error ${status}`;
  return {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html>\n<html lang=en>\n<title>${title}</title>\n<p><b>${status}.</b> <ins>That’s an error.</ins>\n<p>${sentence}\n</html>\n`,
  };
}
