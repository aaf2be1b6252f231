/**
 * A stream that stops its source once nobody reads any more. `failed` is told of an error, whose message may quote what nobody
 * may read in a log (rule 27); whoever reads is told only that there is no more.
 */
export function textStream(
  chunks: AsyncIterable<string>,
  failed: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const source = chunks[Symbol.asyncIterator]();
  let isLeft = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await source.next();
        if (next.done === true) controller.close();
        else controller.enqueue(encoder.encode(next.value));
      } catch (error) {
        // Whoever left is told nothing, and that a source ended for it is no failure.
        if (isLeft) return;
        failed(error);
        controller.error(new Error('the answer ended early'));
      }
    },
    async cancel() {
      isLeft = true;
      await source.return?.();
    },
  });
}

/** Each value as a line of JSON. */
export function ndjson(values: AsyncIterable<unknown>, failed: (error: unknown) => void): ReadableStream<Uint8Array> {
  return textStream(lines(values), failed);
}

async function* lines(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}
