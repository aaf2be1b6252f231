import { evaluate, type Scope } from './expressions.ts';
import type { Expression } from './syntax.ts';
import { entriesOf, listOf, numberOf, textOf, truthOf, type Value, type Values } from './values.ts';

/**
 * The value as a variable of this type has it: converted, and with the defaults of `optional(type, default)`. Throws where
 * Terraform would refuse it.
 */
export function convert(value: Value, type: Expression, scope: Scope): Value {
  if (value === null) return null;
  if (type.kind === 'name') {
    if (type.name === 'string') return textOf(value);
    if (type.name === 'number') return numberOf(value);
    if (type.name === 'bool') return truthOf(value);
    return value;
  }
  if (type.kind !== 'call') throw new Error('a type that is not understood');
  const [of] = type.args;
  if (of === undefined) throw new Error(`${type.name} of nothing`);
  if (type.name === 'list' || type.name === 'set') return listOf(value).map((item) => convert(item, of, scope));
  if (type.name === 'map')
    return Object.fromEntries(entriesOf(value).map(([name, member]) => [name, convert(member, of, scope)]));
  if (type.name !== 'object' || of.kind !== 'object') throw new Error(`the type ${type.name} is not understood`);
  const given: Values = Object.fromEntries(entriesOf(value));
  return Object.fromEntries(
    of.members.map(([key, member]) => {
      const name = textOf(evaluate(key, scope));
      return [name, memberAs(name, given[name] ?? null, name in given, member, scope)];
    }),
  );
}

function memberAs(name: string, value: Value, isGiven: boolean, type: Expression, scope: Scope): Value {
  if (type.kind !== 'call' || type.name !== 'optional') {
    if (!isGiven) throw new Error(`${name} is missing`);
    return convert(value, type, scope);
  }
  const [of, otherwise] = type.args;
  if (of === undefined) throw new Error('optional of nothing');
  if (value === null) return otherwise === undefined ? null : convert(evaluate(otherwise, scope), of, scope);
  return convert(value, of, scope);
}
