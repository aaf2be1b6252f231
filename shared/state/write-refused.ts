/**
 * The store will never take what a transaction was to write, however often it is tried: a document over 1 MiB or with too
 * many index entries, a field name that is too long, text that is no Unicode. Whatever else goes wrong passes by itself.
 */
export class WriteRefused extends Error {
  override readonly name = 'WriteRefused';

  constructor(cause?: unknown) {
    super('the store refuses the documents', { cause });
  }
}
