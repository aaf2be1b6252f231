const removed = '[removed]';
const longestMessage = 300;
/** Enough to fill a message, and short enough for the patterns below to be fast. */
const longestInput = 4000;

const bearer = /\b(?:bearer|basic)\s+[^\s"',;]+/giu;
/** Google access tokens and JSON web tokens that have no `Bearer` before them. */
const token = /\bya29\.[\w.-]+|\beyJ[\w-]+\.[\w.-]+/gu;
const email = /[^\s@"'<>(),;:[\]]{1,300}(?:@|%40|%2540|&#64;)[^\s@"'<>(),;:[\]]{1,300}/giu;
const uuid = /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/giu;

/**
 * Makes text fit for the log (rule 27): removes `personal` values and `secrets` in any spelling, and everything that looks
 * like an email, an id or a token. The result is one line of at most 300 characters.
 */
export function scrub(text: string, personal: readonly string[], secrets: readonly string[]): string {
  let clean = shorten(text);
  for (const secret of longestFirst(secrets)) clean = removeAll(clean, secret, false);
  for (const value of longestFirst(personal)) {
    // Names are removed only as whole words: somebody called Al must not spoil every message.
    for (const spelling of longestFirst(spellings(value))) clean = removeAll(clean, spelling, !value.includes('@'));
  }
  for (const pattern of [bearer, token, email, uuid]) clean = clean.replace(pattern, removed);
  clean = clean.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return clean.length <= longestMessage ? clean : `${clean.slice(0, longestMessage - 1).toWellFormed()}…`;
}

/** Cuts between words: a half of an email at the end would not be recognised. */
function shorten(text: string): string {
  if (text.length <= longestInput) return text;
  return text.slice(0, longestInput).replace(/\S*$/u, '');
}

function longestFirst(values: readonly string[]): readonly string[] {
  return [...new Set(values)].filter((value) => value.trim() !== '').sort((a, b) => b.length - a.length);
}

/**
 * The ways in which a server may repeat a value: as it is, encoded once or twice, with `+` for a space, quoted, as
 * HTML.
 */
function spellings(value: string): readonly string[] {
  const wellFormed = value.toWellFormed();
  const encoded = encodeURIComponent(wellFormed);
  return [
    value,
    value.trim(),
    value.toLowerCase(),
    encoded,
    encodeURIComponent(encoded),
    new URLSearchParams([['', wellFormed]]).toString().slice(1),
    value.replaceAll('+', ' '),
    JSON.stringify(value).slice(1, -1),
    value.replaceAll('&', '&amp;').replaceAll("'", '&#39;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
  ];
}

function removeAll(text: string, value: string, whole: boolean): string {
  const literal = value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const pattern = whole ? `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])` : literal;
  return text.replace(new RegExp(pattern, 'giu'), removed);
}
