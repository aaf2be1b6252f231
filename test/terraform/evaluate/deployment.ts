import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answering, attributeOf, instancesOf, lazily, needed, valuesOf } from './blocks.ts';
import { answerOf, found } from './cloud.ts';
import { evaluate, written, type Scope } from './expressions.ts';
import { parseBody } from './parse.ts';
import type { Block, Body } from './syntax.ts';
import { convert } from './types.ts';
import { entriesOf, textOf, truthOf, type Lookup, type Value, type Values } from './values.ts';

/** One thing that `terraform apply` would make. */
export interface Resource {
  /** With its modules and its key, such as `module.requests.google_pubsub_topic.work`. */
  readonly address: string;
  readonly type: string;
  /** What is set; nested blocks are lists. */
  readonly values: Values;
  /** What it waits for, what replaces it and the like, as written. */
  readonly meta: Readonly<Record<string, string>>;
}

export interface Deployment {
  /** In the order of their addresses. */
  readonly resources: readonly Resource[];
  readonly outputs: Values;
  /** What `check` blocks say; an apply goes on. */
  readonly warnings: readonly string[];
}

/** Settings that a validation or a precondition refuses; the message is theirs. */
export class RefusedSettings extends Error {
  override readonly name = 'RefusedSettings';
}

const root = fileURLToPath(new URL('../../../terraform', import.meta.url));

/** What `terraform apply` would make with these variables. Nothing of Google Cloud is asked. */
export function deploy(variables: Values, folder = root): Deployment {
  const resources: Resource[] = [];
  const module = moduleOf({ folder, prefix: '', given: (name) => variables[name], inherited: [], resources });
  const unknown = Object.keys(variables).filter((name) => !module.variables.names().includes(name));
  if (unknown.length > 0) throw new Error(`there are no variables ${unknown.join(', ')}`);
  const warnings = module.make();
  const outputs = Object.fromEntries(entriesOf(module.outputs));
  return { resources: resources.toSorted((one, other) => (one.address < other.address ? -1 : 1)), outputs, warnings };
}

interface Call {
  readonly folder: string;
  /** Begins the addresses. */
  readonly prefix: string;
  readonly given: (name: string) => Value | undefined;
  /** What the whole module waits for. */
  readonly inherited: readonly string[];
  /** Takes what is made. */
  readonly resources: Resource[];
}

interface Module {
  readonly variables: Lookup;
  readonly outputs: Lookup;
  /** Makes what nothing has asked for, validates, and answers the warnings. */
  make(): readonly string[];
}

function moduleOf(call: Call): Module {
  const body = readFolder(call.folder);
  const all = (kind: string): readonly Block[] => body.blocks.filter((block) => block.kind === kind);
  const children: Module[] = [];
  const scope: Scope = {
    folder: call.folder,
    lookup(name) {
      const roots: Values = {
        var: variables,
        local: locals,
        module: modules,
        data,
        path: { module: call.folder, root: '.' },
      };
      return roots[name] ?? resources.get(name);
    },
  };
  const byName = (kind: string, what: string, find: (block: Block, name: string) => Value): Lookup => {
    const blocks = new Map(all(kind).map((block) => [block.labels[0] ?? '', block]));
    return lazily([...blocks.keys()], (name) => find(needed(blocks.get(name), name), name), what);
  };
  const byType = (kind: string, make: (block: Block, type: string, address: string, inner: Scope) => Value): Lookup => {
    const types = Map.groupBy(all(kind), ({ labels }) => labels[0] ?? '');
    return lazily(
      [...types.keys()],
      (type) => {
        const blocks = new Map(types.get(type)?.map((block) => [block.labels[1] ?? '', block]));
        const find = (name: string): Value => {
          const block = needed(blocks.get(name), name);
          return instancesOf(block, scope, (inner, key) =>
            make(block, type, `${call.prefix}${type}.${name}${key}`, inner),
          );
        };
        return lazily([...blocks.keys()], find, type);
      },
      call.prefix === '' ? kind : `${call.prefix}${kind}`,
    );
  };

  const variables = byName('variable', 'var', (block, name) => variableOf(block, call.given(name), scope));
  const localValues = new Map(all('locals').flatMap((block) => [...block.body.attributes]));
  const locals = lazily(
    [...localValues.keys()],
    (name) => evaluate(needed(localValues.get(name), name), scope),
    'local',
  );
  const data = byType('data', (block, type, address, inner) =>
    answering({ ...valuesOf(block.body, inner), ...found[type] }, (path) => answerOf(type, address, {}, path)),
  );
  const resources = byType('resource', (block, type, address, inner) => {
    checkConditions(block, inner);
    const values = valuesOf(block.body, inner);
    call.resources.push({ address, type, values, meta: metaOf(block, call.inherited) });
    if (type === 'terraform_data') return { ...values, output: values['input'] ?? null };
    return answering(values, (path) => answerOf(type, address, values, path));
  });
  const modules = byName('module', 'module', (block, name) =>
    instancesOf(block, scope, (inner, key) => {
      const child = moduleOf({
        folder: join(call.folder, textOf(evaluate(attributeOf(block, 'source'), scope))),
        prefix: `${call.prefix}module.${name}${key}.`,
        given: (input) => {
          const argument = block.body.attributes.get(input);
          return argument === undefined ? undefined : evaluate(argument, inner);
        },
        inherited: [...call.inherited, ...waitsFor(block)],
        resources: call.resources,
      });
      children.push(child);
      return child.outputs;
    }),
  );

  return {
    variables,
    outputs: byName('output', 'output', (block) => evaluate(attributeOf(block, 'value'), scope)),
    make() {
      for (const block of all('variable')) validate(block, scope);
      for (const [, type] of entriesOf(resources)) entriesOf(type);
      entriesOf(modules);
      const ours = all('check').flatMap((block) => failures(block.body.blocks, 'assert', scope));
      return [...ours, ...children.flatMap((child) => child.make())];
    },
  };
}

function readFolder(folder: string): Body {
  const bodies = readdirSync(folder)
    .filter((name) => name.endsWith('.tf'))
    .map((name) => parseBody(readFileSync(join(folder, name), 'utf8')));
  return { attributes: new Map(), blocks: bodies.flatMap((body) => body.blocks) };
}

function variableOf({ body, labels }: Block, given: Value | undefined, scope: Scope): Value {
  const name = labels[0] ?? '';
  const fallback = body.attributes.get('default');
  const isNullable = body.attributes.get('nullable') === undefined;
  const value = given === undefined || (given === null && !isNullable) ? fallback : undefined;
  if (value === undefined && given === undefined) throw new Error(`the variable ${name} is not set`);
  const type = body.attributes.get('type');
  const set = value === undefined ? (given ?? null) : evaluate(value, scope);
  return type === undefined ? set : convert(set, type, scope);
}

function validate({ body }: Block, scope: Scope): void {
  const [wrong] = failures(body.blocks, 'validation', scope);
  if (wrong !== undefined) throw new RefusedSettings(wrong);
}

function checkConditions({ body }: Block, scope: Scope): void {
  const lifecycle = body.blocks.find(({ kind }) => kind === 'lifecycle');
  const [wrong] = failures(lifecycle?.body.blocks ?? [], 'precondition', scope);
  if (wrong !== undefined) throw new RefusedSettings(wrong);
}

/** What the conditions of this kind that are not met say. */
function failures(blocks: readonly Block[], kind: string, scope: Scope): readonly string[] {
  return blocks
    .filter((block) => block.kind === kind && !truthOf(evaluate(attributeOf(block, 'condition'), scope)))
    .map((block) => textOf(evaluate(attributeOf(block, 'error_message'), scope)));
}

function waitsFor({ body }: Block): readonly string[] {
  const waits = body.attributes.get('depends_on');
  return waits?.kind === 'list' ? waits.items.map(written) : [];
}

function metaOf(block: Block, inherited: readonly string[]): Readonly<Record<string, string>> {
  const lifecycle = block.body.blocks.find(({ kind }) => kind === 'lifecycle');
  const waits = [...inherited, ...waitsFor(block)];
  return {
    ...(waits.length === 0 ? {} : { depends_on: waits.toSorted().join(', ') }),
    ...Object.fromEntries([...(lifecycle?.body.attributes ?? [])].map(([name, value]) => [name, written(value)])),
  };
}
