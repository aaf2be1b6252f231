import { evaluate, withNames, type Scope } from './expressions.ts';
import type { Block, Body, Expression } from './syntax.ts';
import { entriesOf, isList, isObject, Lookup, textOf, type Value, type Values } from './values.ts';

/** Neither arguments nor nested blocks: they say how, not what. */
const meta = new Set(['count', 'for_each', 'depends_on', 'provider', 'providers', 'lifecycle', 'provisioner']);

/** What a resource or a nested block is set to. Nested blocks are lists, dynamic ones made. */
export function valuesOf(body: Body, scope: Scope): Values {
  const attributes = [...body.attributes]
    .filter(([name]) => !meta.has(name))
    .map(([name, expression]) => [name, evaluate(expression, scope)] as const);
  const blocks = body.blocks
    .filter(({ kind }) => !meta.has(kind))
    .flatMap((block) =>
      block.kind === 'dynamic' ? dynamic(block, scope) : [[block.kind, valuesOf(block.body, scope)] as const],
    );
  const lists = Map.groupBy(blocks, ([kind]) => kind);
  return {
    ...Object.fromEntries(attributes),
    ...Object.fromEntries([...lists].map(([kind, all]) => [kind, all.map(([, values]) => values)])),
  };
}

function dynamic({ labels, body }: Block, scope: Scope): readonly (readonly [string, Values])[] {
  const kind = labels[0] ?? '';
  const iterator = body.attributes.get('iterator');
  const name = iterator?.kind === 'name' ? iterator.name : kind;
  const content = body.blocks.find((block) => block.kind === 'content');
  if (content === undefined) throw new Error(`dynamic ${kind} has no content`);
  return entriesOf(evaluate(needed(body.attributes.get('for_each'), `for_each of ${kind}`), scope)).map(
    ([key, value]) => [kind, valuesOf(content.body, withNames(scope, { [name]: { key, value } }))],
  );
}

/** The values, and `unknown` for what was not set, in nested blocks too. */
export function answering(values: Values, unknown: (path: string) => Value, path = ''): Lookup {
  return new Lookup(
    () => Object.keys(values).toSorted(),
    (name) => {
      if (!Object.hasOwn(values, name)) return unknown(`${path}${name}`);
      const value = values[name] ?? null;
      if (!isList(value) || !value.every(isObject)) return value;
      return value.map((block, place) => answering(block, unknown, `${path}${name}.${String(place)}.`));
    },
  );
}

/** One for each instance that count or for_each ask for. `make` gets the key as it stands in an address. */
export function instancesOf({ body }: Block, scope: Scope, make: (inner: Scope, key: string) => Value): Value {
  const count = body.attributes.get('count');
  if (count !== undefined) {
    return Array.from({ length: Number(evaluate(count, scope)) }, (_, index) =>
      make(withNames(scope, { count: { index } }), `[${String(index)}]`),
    );
  }
  const forEach = body.attributes.get('for_each');
  if (forEach === undefined) return make(scope, '');
  const all = evaluate(forEach, scope);
  const named = isList(all) ? all.map((item) => [textOf(item), item] as const) : entriesOf(all);
  return Object.fromEntries(
    named.map(([key, value]) => [key, make(withNames(scope, { each: { key, value } }), `["${key}"]`)]),
  );
}

/** Members that are found out once, when they are asked for. */
export function lazily(names: readonly string[], find: (name: string) => Value, what: string): Lookup {
  const known = new Map<string, Value>();
  const underway = new Set<string>();
  return new Lookup(
    () => names,
    (name) => {
      const value = known.get(name);
      if (value !== undefined) return value;
      if (!names.includes(name)) throw new Error(`there is no ${what}.${name}`);
      if (underway.has(name)) throw new Error(`${what}.${name} rests on itself`);
      underway.add(name);
      const made = find(name);
      underway.delete(name);
      known.set(name, made);
      return made;
    },
  );
}

export function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}

export function attributeOf(block: Block | undefined, name: string): Expression {
  return needed(block?.body.attributes.get(name), name);
}
