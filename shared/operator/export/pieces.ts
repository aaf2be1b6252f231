const enough = 64 * 1024;

/** Text in fewer, larger pieces: one write for each line would be slow. */
export async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < enough) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
