export type Token =
  | { readonly kind: 'word' | 'mark'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly parts: readonly (string | readonly Token[])[] }
  | { readonly kind: 'line' }
  | { readonly kind: 'end' };

const marks = ['...', '=>', '==', '!=', '>=', '<=', '&&', '||', ...'{ } [ ] ( ) , . = ? : + - * / % < > !'.split(' ')];
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' };

/** Throws where the text is not what Terraform would read. */
export function tokensOf(text: string): readonly Token[] {
  return lex(text, 0, undefined).tokens;
}

interface Lexed {
  readonly tokens: readonly Token[];
  readonly end: number;
}

/** From `start` to the closing brace that was not opened here, or to the end where `closing` is undefined. */
function lex(text: string, start: number, closing: '}' | undefined): Lexed {
  const tokens: Token[] = [];
  let at = start;
  let depth = 0;
  while (at < text.length) {
    const rest = text.slice(at, at + 200);
    const blank = /^(?:[ \t\r]+|(?:#|\/\/)[^\n]*)/.exec(rest)?.[0];
    const word = /^[A-Za-z_][\w-]*/.exec(rest)?.[0];
    const number = /^\d+(?:\.\d+)?/.exec(rest)?.[0];
    const heredoc = /^<<(-?)(\w+)\n/.exec(rest);
    if (blank !== undefined) at += blank.length;
    else if (text[at] === '\n') {
      tokens.push({ kind: 'line' });
      at += 1;
    } else if (heredoc !== null) {
      const { token, end } = heredocOf(text, at + heredoc[0].length, heredoc[2] ?? '', heredoc[1] === '-');
      tokens.push(token);
      at = end;
    } else if (text[at] === '"') {
      const { parts, end } = template(text, at + 1, '"');
      tokens.push({ kind: 'text', parts });
      at = end;
    } else if (word !== undefined) {
      tokens.push({ kind: 'word', text: word });
      at += word.length;
    } else if (number !== undefined) {
      tokens.push({ kind: 'number', value: Number(number) });
      at += number.length;
    } else {
      const mark = marks.find((one) => rest.startsWith(one));
      if (mark === undefined) throw new Error(`Terraform text that is not understood: ${rest.slice(0, 30)}`);
      if (mark === '{') depth += 1;
      if (mark === '}') {
        if (depth === 0 && closing === '}') return { tokens: [...tokens, { kind: 'end' }], end: at + 1 };
        depth -= 1;
      }
      tokens.push({ kind: 'mark', text: mark });
      at += mark.length;
    }
  }
  if (closing !== undefined) throw new Error('Terraform text ends within ${…}');
  return { tokens: [...tokens, { kind: 'line' }, { kind: 'end' }], end: at };
}

interface Template {
  readonly parts: readonly (string | readonly Token[])[];
  readonly end: number;
}

function template(text: string, start: number, closing: '"' | undefined): Template {
  const parts: (string | readonly Token[])[] = [];
  let literal = '';
  let at = start;
  while (at < text.length && text[at] !== closing) {
    if (text.startsWith('$${', at)) {
      literal += '${';
      at += 3;
    } else if (text.startsWith('${', at)) {
      const inside = lex(text, at + 2, '}');
      parts.push(literal, inside.tokens);
      literal = '';
      at = inside.end;
    } else if (text[at] === '\\' && closing !== undefined) {
      literal += escapes[text[at + 1] ?? ''] ?? '';
      at += 2;
    } else {
      literal += text[at] ?? '';
      at += 1;
    }
  }
  if (closing !== undefined && at >= text.length) throw new Error('Terraform text ends within a string');
  return { parts: literal === '' ? parts : [...parts, literal], end: at + 1 };
}

function heredocOf(text: string, start: number, marker: string, indented: boolean): { token: Token; end: number } {
  const closing = new RegExp(`^[ \\t]*${marker}$`, 'm').exec(text.slice(start));
  if (closing === null) throw new Error(`there is no end of <<${marker}`);
  const lines = text
    .slice(start, start + closing.index)
    .split('\n')
    .slice(0, -1);
  const depth = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  const body = lines.map((line) => `${indented ? line.slice(depth) : line}\n`).join('');
  return {
    token: { kind: 'text', parts: template(body, 0, undefined).parts },
    end: start + closing.index + closing[0].length,
  };
}
