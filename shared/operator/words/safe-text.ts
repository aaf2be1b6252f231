/**
 * Control and formatting characters, line separators and private use: they steer what shows the text instead of being
 * read. The two joiners (U+200C, U+200D) are formatting characters too, but many languages and emoji are written with
 * them.
 */
const steering = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu;

/** Text that people wrote, safe to show: characters that would move a cursor or turn text around are spelt out. */
export function safeText(text: string): string {
  return text.toWellFormed().replaceAll(steering, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

/** The same for text of several lines, whose line feeds stay. */
export function safeLines(text: string): string {
  return text.split('\n').map(safeText).join('\n');
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** At most `longest` characters of the text, an ellipsis included, made safe. */
export function shortText(text: string, longest: number): string {
  // Cut before it is made safe, so that a long value is not looked at whole.
  const safe = safeText(text.slice(0, longest * 8));
  let kept = '';
  let place = 0;
  for (const { segment, index } of characters.segment(safe)) {
    place += 1;
    if (place < longest) kept += segment;
    else return index + segment.length === safe.length && text.length <= longest * 8 ? safe : `${kept}…`;
  }
  return safe;
}
