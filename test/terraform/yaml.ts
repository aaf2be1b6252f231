export type Yaml = string | number | boolean | readonly Yaml[] | { readonly [name: string]: Yaml };

interface Line {
  readonly indent: number;
  readonly text: string;
}

/**
 * Reads what our build files use of YAML: mappings, lists, texts, `|` blocks and collections on one line. Throws on
 * anything else, and on a member that is set twice.
 */
export function parseYaml(text: string): Yaml {
  const lines = text.split('\n');
  const [value, rest] = block(lines, 0, 0);
  const left = lines.slice(rest).find((line) => meaningful(line) !== undefined);
  if (left !== undefined) throw new Error(`YAML that is not understood: ${left}`);
  return value;
}

type Read = readonly [Yaml, number];

function meaningful(line: string | undefined): Line | undefined {
  if (line === undefined || /^\s*(?:#|$)/.test(line)) return undefined;
  return { indent: line.search(/\S/), text: line.trim() };
}

function next(lines: readonly string[], from: number): number {
  let at = from;
  while (at < lines.length && meaningful(lines[at]) === undefined) at += 1;
  return at;
}

function block(lines: readonly string[], from: number, least: number): Read {
  const at = next(lines, from);
  const line = meaningful(lines[at]);
  if (line === undefined || line.indent < least)
    throw new Error(`YAML: a value is missing before line ${String(at + 1)}`);
  return line.text.startsWith('- ') ? list(lines, at, line.indent) : mapping(lines, at, line.indent);
}

function list(lines: readonly string[], from: number, indent: number): Read {
  const items: Yaml[] = [];
  let at = from;
  for (
    let line = meaningful(lines[at]);
    line?.indent === indent && line.text.startsWith('- ');
    line = meaningful(lines[at])
  ) {
    // The item as if it stood on a line of its own.
    const inner = [...lines];
    inner[at] = `${' '.repeat(indent + 2)}${line.text.slice(2)}`;
    const [item, after] = mapping(inner, at, indent + 2);
    items.push(item);
    at = next(lines, after);
  }
  return [items, at];
}

function mapping(lines: readonly string[], from: number, indent: number): Read {
  const members = new Map<string, Yaml>();
  let at = from;
  for (let line = meaningful(lines[at]); line?.indent === indent; line = meaningful(lines[at])) {
    const found = /^([\w-]+):(?: (.*))?$/.exec(line.text);
    if (found === null) throw new Error(`YAML that is no member: ${line.text}`);
    const [, name = '', inline = ''] = found;
    if (members.has(name)) throw new Error(`YAML: ${name} is set twice`);
    const [value, after] =
      inline === '|'
        ? literal(lines, at + 1, indent)
        : inline === ''
          ? block(lines, at + 1, indent + 1)
          : ([flow(inline), at + 1] as const);
    members.set(name, value);
    at = next(lines, after);
  }
  return [Object.fromEntries(members), at];
}

function literal(lines: readonly string[], from: number, indent: number): Read {
  let at = from;
  while (at < lines.length && ((lines[at] ?? '').trim() === '' || (lines[at] ?? '').search(/\S/) > indent)) at += 1;
  const body = lines.slice(from, at);
  const depth = (body.find((line) => line.trim() !== '') ?? '').search(/\S/);
  return [
    `${body
      .map((line) => line.slice(depth))
      .join('\n')
      .trimEnd()}\n`,
    at,
  ];
}

function flow(text: string): Yaml {
  if (text.startsWith('[')) return split(text).map(flow);
  if (text.startsWith('{')) {
    const members = split(text).map((member) => {
      const [name, ...value] = member.split(': ');
      return [name?.trim() ?? '', flow(value.join(': ').trim())] as const;
    });
    return Object.fromEntries(members);
  }
  if (/^'.*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (/^\d+$/.test(text)) return Number(text);
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

/** What stands between the brackets, by its commas that are in no brackets of their own. */
function split(text: string): readonly string[] {
  if (!/[\]}]$/.test(text)) throw new Error(`YAML: a bracket is not closed: ${text}`);
  const parts = text.slice(1, -1).match(/(?:\{[^}]*\}|'[^']*'|[^,])+/g) ?? [];
  return parts.map((part) => part.trim());
}
