import vm from 'node:vm';

export type PortalFilter =
  | { readonly kind: 'filter'; readonly filter: RegExp }
  | { readonly kind: 'no-expression' }
  /** There are emails on which it would compute for seconds, or for ever. */
  | { readonly kind: 'too-slow' };

/**
 * The regular expression of PORTAL_FILTER. The expression is the operator's, but the emails are anybody's: where it can be
 * matched in ever more ways, one registration keeps an instance busy for ever. So it is tried on emails made to do that.
 */
export function readPortalFilter(value: string, limitMs = unhurriedMs): PortalFilter {
  try {
    const filter = new RegExp(value, 'u');
    return isQuick(filter, limitMs) ? { kind: 'filter', filter } : { kind: 'too-slow' };
  } catch (error) {
    // V8 finds some expressions too large only when it tries one.
    if (isNamed(error, 'SyntaxError')) return { kind: 'no-expression' };
    throw error;
  }
}

/** For a thousand emails. What is quick needs a few ms; the rest is for a machine that is busy with other things. */
const unhurriedMs = 2000;
/** So often what doubles each time takes hours. */
const often = 40;
/** RFC 5321's limit, and ours: for what grows by a power of the length. */
const longest = 254;
const endings = ['!', '@a.a'];

function isQuick(filter: RegExp, limitMs: number): boolean {
  const { beginnings, repeated } = hostileParts(filter.source);
  const emails = (parts: readonly string[], times: number): readonly string[] =>
    beginnings.flatMap((beginning) =>
      parts.flatMap((part) => endings.map((ending) => (beginning + part.repeat(times)).slice(0, longest) + ending)),
    );
  const letters = repeated.filter((part) => part.length === 1);
  return endsIn(filter, [...emails(repeated, often), ...emails(letters, longest)], limitMs);
}

/** V8 gives up a regular expression whose time is up only when it runs in a script with a time limit. */
function endsIn(filter: RegExp, emails: readonly string[], timeout: number): boolean {
  try {
    vm.runInNewContext('for (const email of emails) filter.test(email)', { filter, emails }, { timeout });
    return true;
  } catch (error) {
    if (isNamed(error, 'ERR_SCRIPT_EXECUTION_TIMEOUT')) return false;
    throw error;
  }
}

/** An error of another context is no `Error` here. */
function isNamed(error: unknown, name: string): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return ('code' in error && error.code === name) || ('name' in error && error.name === name);
}

/** What an escape stands for; a letter that is not here stands for itself. */
const samples: Readonly<Record<string, string>> = {
  w: 'a',
  d: '0',
  p: 'a',
  P: '0',
  W: '-',
  D: 'a',
  S: 'a',
  s: '',
  b: '',
  B: '',
};
const most = { beginnings: 12, letters: 10, repeated: 150 };

/**
 * What leads to each repetition of the expression, and what may be repeated there: single letters, pairs of them, and what
 * its groups match.
 */
function hostileParts(source: string): {
  readonly beginnings: readonly string[];
  readonly repeated: readonly string[];
} {
  const beginnings = new Set(['']);
  const letters = new Set(['a', '0', '.', '-']);
  const groups = new Set<string>();
  const open: string[] = [];
  let text = '';
  const tokens =
    source.match(/\\u\{[^}]*\}|\\[pP]\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]|\(\?(?:<?[=!]|:|<\w+>)|\{[\d,]*\}|./gsu) ?? [];
  for (const [place, token] of tokens.entries()) {
    if (token.startsWith('(')) {
      beginnings.add(text);
      open.push(text);
    } else if (token === ')') {
      const before = open.pop() ?? '';
      if (text.startsWith(before) && text.length > before.length) groups.add(text.slice(before.length));
    } else if (token === '|') {
      text = open.at(-1) ?? '';
    } else if (!/^(?:[*+?^$]|\{[\d,]*\})$/.test(token)) {
      if (/^[*+{]/.test(tokens[place + 1] ?? '')) beginnings.add(text);
      const letter = sampleOf(token);
      text += letter;
      if (letter !== '' && letters.size < most.letters) letters.add(letter);
    }
  }
  const singles = [...letters];
  const pairs = singles.flatMap((one) => singles.map((other) => one + other));
  return {
    beginnings: [...beginnings].filter((beginning) => beginning.length < longest / 4).slice(0, most.beginnings),
    repeated: [...new Set([...singles, ...groups, ...pairs])].slice(0, most.repeated),
  };
}

/** One letter that the token matches. */
function sampleOf(token: string): string {
  if (token === '.') return 'a';
  if (token.startsWith('[^')) return 'a';
  if (token.startsWith('[')) return sampleOf(/^\[(\\.|.)/su.exec(token)?.[1] ?? 'a');
  if (!token.startsWith('\\')) return token;
  const escaped = token[1] ?? '';
  return samples[escaped] ?? escaped;
}
