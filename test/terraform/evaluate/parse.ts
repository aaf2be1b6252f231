import type { Block, Body, Expression } from './syntax.ts';
import { tokensOf, type Token } from './tokens.ts';

/** Throws where the text is not what Terraform would read. */
export function parseBody(text: string): Body {
  const reader = readerOf(tokensOf(text));
  return body(reader, 'end');
}

interface Reader {
  peek(ahead?: number): Token;
  next(): Token;
  /** Takes the mark if it is next. */
  takes(mark: string): boolean;
  expect(mark: string): void;
  word(): string;
  skipLines(): void;
}

function readerOf(tokens: readonly Token[]): Reader {
  let at = 0;
  const peek = (ahead = 0): Token => tokens[at + ahead] ?? { kind: 'end' };
  const isMark = (token: Token, mark: string): boolean => token.kind === 'mark' && token.text === mark;
  const reader: Reader = {
    peek,
    next() {
      at += 1;
      return tokens[at - 1] ?? { kind: 'end' };
    },
    takes(mark) {
      if (!isMark(peek(), mark)) return false;
      at += 1;
      return true;
    },
    expect(mark) {
      if (!reader.takes(mark)) throw new Error(`expected ${mark}, found ${JSON.stringify(peek())}`);
    },
    word() {
      const token = reader.next();
      if (token.kind !== 'word') throw new Error(`expected a name, found ${JSON.stringify(token)}`);
      return token.text;
    },
    skipLines() {
      while (peek().kind === 'line') at += 1;
    },
  };
  return reader;
}

function body(reader: Reader, closing: 'end' | '}'): Body {
  const attributes = new Map<string, Expression>();
  const blocks: Block[] = [];
  for (;;) {
    reader.skipLines();
    if (closing === 'end' ? reader.peek().kind === 'end' : reader.takes(closing)) return { attributes, blocks };
    const name = reader.word();
    if (reader.takes('=')) {
      if (attributes.has(name)) throw new Error(`${name} is set twice`);
      attributes.set(name, expression(reader));
    } else {
      blocks.push(block(reader, name));
    }
  }
}

function block(reader: Reader, kind: string): Block {
  const labels: string[] = [];
  while (!reader.takes('{')) {
    const token = reader.next();
    if (token.kind === 'word') labels.push(token.text);
    else if (token.kind === 'text')
      labels.push(token.parts.map((part) => (typeof part === 'string' ? part : '')).join(''));
    else throw new Error(`a block ${kind} with ${JSON.stringify(token)}`);
  }
  return { kind, labels, body: body(reader, '}') };
}

const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['>=', '<=', '>', '<'],
  ['+', '-'],
  ['*', '/', '%'],
];

function expression(reader: Reader): Expression {
  const when = binary(reader, 0);
  const ahead = linesAhead(reader);
  const next = reader.peek(ahead);
  if (next.kind !== 'mark' || next.text !== '?') return when;
  reader.skipLines();
  reader.expect('?');
  reader.skipLines();
  const yes = expression(reader);
  reader.skipLines();
  reader.expect(':');
  reader.skipLines();
  return { kind: 'condition', when, yes, no: expression(reader) };
}

function linesAhead(reader: Reader): number {
  let ahead = 0;
  while (reader.peek(ahead).kind === 'line') ahead += 1;
  return ahead;
}

/** An operator that begins a line goes on with the line before: only within brackets does our text do that. */
function binary(reader: Reader, level: number): Expression {
  const operators = levels[level];
  if (operators === undefined) return unary(reader);
  let left = binary(reader, level + 1);
  for (;;) {
    const ahead = linesAhead(reader);
    const token = reader.peek(ahead);
    if (token.kind !== 'mark' || !operators.includes(token.text)) return left;
    reader.skipLines();
    reader.next();
    reader.skipLines();
    left = { kind: 'operation', operator: token.text, operands: [left, binary(reader, level + 1)] };
  }
}

function unary(reader: Reader): Expression {
  for (const operator of ['!', '-']) {
    if (reader.takes(operator)) return { kind: 'operation', operator, operands: [unary(reader)] };
  }
  return postfix(reader, primary(reader));
}

function postfix(reader: Reader, of: Expression): Expression {
  if (reader.takes('.')) {
    const token = reader.next();
    if (token.kind === 'word') return postfix(reader, { kind: 'attribute', of, name: token.text });
    if (token.kind === 'number')
      return postfix(reader, { kind: 'index', of, at: { kind: 'value', value: token.value } });
    throw new Error(`a . before ${JSON.stringify(token)}`);
  }
  if (reader.takes('[')) {
    if (reader.takes('*')) {
      reader.expect(']');
      const newItem = postfix(reader, { kind: 'name', name: '*' });
      return {
        kind: 'for',
        key: undefined,
        item: '*',
        of,
        newKey: undefined,
        newItem,
        when: undefined,
        grouped: false,
      };
    }
    reader.skipLines();
    const at = expression(reader);
    reader.skipLines();
    reader.expect(']');
    return postfix(reader, { kind: 'index', of, at });
  }
  return of;
}

const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

function primary(reader: Reader): Expression {
  const token = reader.next();
  switch (token.kind) {
    case 'number':
      return { kind: 'value', value: token.value };
    case 'text':
      return textOf(token.parts);
    case 'word':
      if (token.text in constants) return { kind: 'value', value: constants[token.text] ?? null };
      return reader.takes('(') ? call(reader, token.text) : { kind: 'name', name: token.text };
    case 'mark': {
      if (token.text === '(') {
        reader.skipLines();
        const inside = expression(reader);
        reader.skipLines();
        reader.expect(')');
        return inside;
      }
      if (token.text === '[' || token.text === '{') return collection(reader, token.text);
      break;
    }
    case 'line':
    case 'end':
  }
  throw new Error(`no expression begins with ${JSON.stringify(token)}`);
}

function textOf(parts: readonly (string | readonly Token[])[]): Expression {
  const [only, ...more] = parts;
  if (more.length === 0 && (only === undefined || typeof only === 'string'))
    return { kind: 'value', value: only ?? '' };
  return {
    kind: 'template',
    parts: parts.map((part) =>
      typeof part === 'string' ? { kind: 'value', value: part } : expression(readerOf(part)),
    ),
  };
}

function call(reader: Reader, name: string): Expression {
  const args: Expression[] = [];
  let spread = false;
  for (;;) {
    reader.skipLines();
    if (reader.takes(')')) return { kind: 'call', name, args, spread };
    args.push(expression(reader));
    if (reader.takes('...')) spread = true;
    reader.skipLines();
    reader.takes(',');
  }
}

function collection(reader: Reader, opening: '[' | '{'): Expression {
  const closing = opening === '[' ? ']' : '}';
  reader.skipLines();
  const first = reader.peek();
  if (first.kind === 'word' && first.text === 'for') return forOf(reader, closing);
  const items: Expression[] = [];
  const members: (readonly [Expression, Expression])[] = [];
  for (;;) {
    reader.skipLines();
    if (reader.takes(closing)) return opening === '[' ? { kind: 'list', items } : { kind: 'object', members };
    if (opening === '[') items.push(expression(reader));
    else members.push(member(reader));
    reader.skipLines();
    reader.takes(',');
  }
}

function member(reader: Reader): readonly [Expression, Expression] {
  const named = reader.peek();
  const key: Expression = named.kind === 'word' ? { kind: 'value', value: reader.word() } : expression(reader);
  if (!reader.takes('=')) reader.expect(':');
  return [key, expression(reader)];
}

function forOf(reader: Reader, closing: ']' | '}'): Expression {
  reader.word();
  const first = reader.word();
  const second = reader.takes(',') ? reader.word() : undefined;
  if (reader.word() !== 'in') throw new Error('a for without in');
  const of = expression(reader);
  reader.skipLines();
  reader.expect(':');
  reader.skipLines();
  const made = expression(reader);
  const keyed = reader.takes('=>');
  reader.skipLines();
  const newItem = keyed ? expression(reader) : made;
  const grouped = reader.takes('...');
  reader.skipLines();
  const filtered = reader.peek();
  const when = filtered.kind === 'word' && filtered.text === 'if' ? (reader.next(), expression(reader)) : undefined;
  reader.skipLines();
  reader.expect(closing);
  return {
    kind: 'for',
    key: second === undefined ? undefined : first,
    item: second ?? first,
    of,
    newKey: keyed ? made : undefined,
    newItem,
    when,
    grouped,
  };
}
