import type { Deployment, Resource } from './evaluate/deployment.ts';
import { plain } from './evaluate/values.ts';

/** Longest line that is not broken into one for each member. */
const width = 160;

/** Everything that would be made, as text; with `chosen`, only what that chooses. */
export function toldWhole(
  { resources, outputs, warnings }: Deployment,
  chosen: (resource: Resource) => boolean = () => true,
): string {
  const told = resources.filter(chosen).map((resource) => toldResource(resource).join('\n'));
  const said = warnings.map((warning) => `warning: ${warning}`);
  return `${[...told, ['outputs', ...toldMembers('  ', plain(outputs))].join('\n'), ...said].join('\n\n')}\n`;
}

function toldResource({ address, values, meta }: Resource): readonly string[] {
  const told = Object.keys(meta).length === 0 ? `${address} = ${JSON.stringify(plain(values))}` : '';
  if (told !== '' && told.length <= width) return [told];
  const ordered = Object.entries(meta).map(([name, what]) => `  (${name}: ${what})`);
  return [address, ...toldMembers('  ', plain(values)), ...ordered];
}

function toldMembers(indent: string, value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return named(value).flatMap(([name, member]) => {
    const inside: unknown = name === 'dashboard_json' ? JSON.parse(String(member)) : unwrapped(member);
    const line = `${indent}${name} = ${JSON.stringify(inside)}`;
    const isShort = typeof inside !== 'object' || inside === null || line.length <= width;
    return isShort ? [line] : [`${indent}${name}`, ...toldMembers(`${indent}  `, inside)];
  });
}

/** Items of a list by their names where each has one, so that one more moves no other. */
function named(value: object): readonly (readonly [string, unknown])[] {
  const members: readonly (readonly [string, unknown])[] = Object.entries(value);
  if (!Array.isArray(value)) return members;
  const names = members.map(([, item]) => nameOf(item));
  return names.includes(undefined) || new Set(names).size < names.length
    ? members
    : members.map(([place, item]) => [nameOf(item) ?? place, item]);
}

function nameOf(item: unknown): string | undefined {
  return typeof item === 'object' && item !== null && 'name' in item && typeof item.name === 'string'
    ? item.name
    : undefined;
}

/** A nested block that stands there once is no list to a reader. */
function unwrapped(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const [only, ...more] = value as readonly unknown[];
  return more.length === 0 && typeof only === 'object' ? only : value;
}
