import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseBody } from './parse.ts';
import type { Expression } from './syntax.ts';

const folder = new URL('../../../terraform/', import.meta.url);

/** Every variable of the deployment and every attribute of one, as `policies.undo_days`, with its type. */
export const variablePaths: ReadonlyMap<string, Expression> = new Map(
  readdirSync(fileURLToPath(folder))
    .filter((name) => name.endsWith('.tf'))
    .flatMap((name) => parseBody(readFileSync(new URL(name, folder), 'utf8')).blocks)
    .filter(({ kind }) => kind === 'variable')
    .flatMap(({ labels, body }) => {
      const type = body.attributes.get('type');
      return type === undefined ? [] : pathsOf(labels[0] ?? '', type);
    }),
);

function pathsOf(path: string, type: Expression): readonly (readonly [string, Expression])[] {
  const [of] = type.kind === 'call' ? type.args : [];
  if (type.kind !== 'call' || of === undefined) return [[path, type]];
  if (type.name === 'optional') return pathsOf(path, of);
  if (type.name !== 'object' || of.kind !== 'object') return [[path, type]];
  const members = of.members.flatMap(([key, member]) =>
    key.kind === 'value' ? pathsOf(`${path}.${String(key.value)}`, member) : [],
  );
  return [[path, type], ...members];
}
