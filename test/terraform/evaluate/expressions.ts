import { functions } from './functions.ts';
import type { Expression, ForExpression } from './syntax.ts';
import { entriesOf, isEqual, isList, isObject, Lookup, numberOf, textOf, truthOf, type Value } from './values.ts';

/** What names mean where an expression stands. */
export interface Scope {
  /** Throws where there is no such name. */
  lookup(name: string): Value;
  /** Relative paths of files begin here. */
  readonly folder: string;
}

export function withNames(scope: Scope, names: Readonly<Record<string, Value>>): Scope {
  return {
    folder: scope.folder,
    lookup: (name) => (Object.hasOwn(names, name) ? (names[name] ?? null) : scope.lookup(name)),
  };
}

/** Throws where Terraform would refuse. */
export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'value':
      return expression.value;
    case 'template':
      return template(expression.parts, scope);
    case 'name':
      return scope.lookup(expression.name);
    case 'attribute':
      return memberOf(evaluate(expression.of, scope), expression.name);
    case 'index':
      return memberOf(evaluate(expression.of, scope), textOf(evaluate(expression.at, scope)));
    case 'call':
      return call(expression, scope);
    case 'list':
      return expression.items.map((item) => evaluate(item, scope));
    case 'object':
      return Object.fromEntries(
        expression.members.map(([key, value]) => [textOf(evaluate(key, scope)), evaluate(value, scope)]),
      );
    case 'for':
      return each(expression, scope);
    case 'condition':
      return evaluate(truthOf(evaluate(expression.when, scope)) ? expression.yes : expression.no, scope);
    case 'operation':
      return operate(expression.operator, expression.operands, scope);
  }
}

function template(parts: readonly Expression[], scope: Scope): Value {
  const values = parts.map((part) => evaluate(part, scope));
  const [only, ...more] = values.filter((value) => value !== '');
  // "${x}" alone is x itself.
  return more.length === 0 && only !== undefined ? only : values.map(textOf).join('');
}

export function memberOf(value: Value, name: string): Value {
  if (value instanceof Lookup) return value.get(name);
  if (isList(value)) {
    const item = value[Number(name)];
    if (item === undefined) throw new Error(`there is no item ${name} among ${String(value.length)}`);
    return item;
  }
  if (isObject(value) && Object.hasOwn(value, name)) return value[name] ?? null;
  throw new Error(`there is no member ${name}`);
}

function call({ name, args, spread }: Expression & { kind: 'call' }, scope: Scope): Value {
  if (name === 'can') return args.every((arg) => succeeds(() => evaluate(arg, scope)));
  if (name === 'try') {
    const first = args.find((arg) => succeeds(() => evaluate(arg, scope)));
    if (first === undefined) throw new Error('no argument of try succeeds');
    return evaluate(first, scope);
  }
  const called = functions[name];
  if (called === undefined) throw new Error(`the function ${name} is not known here: add it to functions.ts`);
  const values = args.map((arg) => evaluate(arg, scope));
  const last = values.at(-1);
  return called(
    spread && last !== undefined ? [...values.slice(0, -1), ...entriesOf(last).map(([, item]) => item)] : values,
    scope.folder,
  );
}

function succeeds(effect: () => unknown): boolean {
  try {
    effect();
    return true;
  } catch {
    return false;
  }
}

function each({ key, item, of, newKey, newItem, when, grouped }: ForExpression, scope: Scope): Value {
  const all = evaluate(of, scope);
  const list = isList(all);
  // What `[*]` stands behind may be one thing, or nothing.
  if (item === '*' && !list) return all === null ? [] : [evaluate(newItem, withNames(scope, { '*': all }))];
  const made: (readonly [string, Value])[] = [];
  for (const [name, value] of entriesOf(all)) {
    const inner = withNames(scope, {
      ...(key === undefined ? {} : { [key]: list ? Number(name) : name }),
      [item]: value,
    });
    if (when !== undefined && !truthOf(evaluate(when, inner))) continue;
    made.push([newKey === undefined ? '' : textOf(evaluate(newKey, inner)), evaluate(newItem, inner)]);
  }
  if (newKey === undefined) return made.map(([, value]) => value);
  if (grouped)
    return Object.fromEntries(
      Object.entries(Object.groupBy(made, ([name]) => name)).map(([name, group = []]) => [
        name,
        group.map(([, value]) => value),
      ]),
    );
  if (new Set(made.map(([name]) => name)).size < made.length) throw new Error('two items of a for have one key');
  return Object.fromEntries(made);
}

function operate(operator: string, operands: readonly Expression[], scope: Scope): Value {
  const [first, second] = operands;
  const left = (): Value => (first === undefined ? null : evaluate(first, scope));
  const right = (): Value => (second === undefined ? null : evaluate(second, scope));
  switch (operator) {
    case '&&':
      return truthOf(left()) && truthOf(right());
    case '||':
      return truthOf(left()) || truthOf(right());
    case '!':
      return !truthOf(left());
    case '==':
      return isEqual(left(), right());
    case '!=':
      return !isEqual(left(), right());
    case '-':
      return second === undefined ? -numberOf(left()) : numberOf(left()) - numberOf(right());
    case '+':
      return numberOf(left()) + numberOf(right());
    case '*':
      return numberOf(left()) * numberOf(right());
    case '/':
      return numberOf(left()) / numberOf(right());
    case '%':
      return numberOf(left()) % numberOf(right());
    case '<':
      return numberOf(left()) < numberOf(right());
    case '>':
      return numberOf(left()) > numberOf(right());
    case '<=':
      return numberOf(left()) <= numberOf(right());
    case '>=':
      return numberOf(left()) >= numberOf(right());
    default:
      throw new Error(`the operator ${operator} is not known here`);
  }
}

/** The expression as text, as far as it names something: for what is compared as written, such as depends_on. */
export function written(expression: Expression): string {
  switch (expression.kind) {
    case 'value':
      return String(expression.value);
    case 'name':
      return expression.name;
    case 'attribute':
      return `${written(expression.of)}.${expression.name}`;
    case 'index':
      return `${written(expression.of)}[${written(expression.at)}]`;
    case 'list':
      return expression.items.map(written).join(', ');
    case 'template':
    case 'call':
    case 'object':
    case 'for':
    case 'condition':
    case 'operation':
      return `(${expression.kind})`;
  }
}
