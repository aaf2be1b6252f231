import { expect, test } from 'vitest';
import { defects } from '../planted/defects.ts';
import { allFiles, read, section } from './tree.ts';

/** How a list item of docs/design.md begins that says a rule. */
const stated = /^- \*\*(\d+)\.\*\*/gm;
/** The same, of a rule that is decided and not built yet. */
const marked = /^- \*\*(\d+)\.\*\* \*Planned\.\*/gm;
/** `rule 13`, `rules 3, 15`, `rules 5 and 6`, `rules 10 to 27`, `rules 28–40`. */
const mention = /\brules? (\d+(?:(?:, | and |, and | to | ?[–-] ?)\d+)*)/gi;

const last = 40;
const every = Array.from({ length: last }, (_, place) => place + 1);

function numbersIn(text: string): readonly number[] {
  // A comment may go on in the next line in the middle of a list.
  const plain = text.replaceAll(/\s*\n\s*(?:\*|\/\/|#|>)?\s*/g, ' ');
  return [...plain.matchAll(mention)].flatMap(([, list = '']) => [...list.matchAll(/\d+/g)].map(([n]) => Number(n)));
}

const folders = ['cli', 'docs', 'functions', 'local', 'scripts', 'shared', 'terraform', 'test'];
const sources = allFiles().filter(
  (path) =>
    /\.(?:ts|md|tf|hcl|ya?ml)$/.test(path) && (folders.includes(path.split('/')[0] ?? '') || !path.includes('/')),
);

test(`docs/design.md states the rules 1 to ${String(last)}, each once and in order`, () => {
  const numbers = [...read('docs/design.md').matchAll(stated)].map(([, number]) => Number(number));
  expect(numbers).toEqual(every);
});

test('mentions of rules are found in lists, ranges and comments of several lines', () => {
  expect(numbersIn('rule 1; rules 2, 3 and 4; Rules 5–6; rules 7,\n   * 8; rule 9, and more')).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9,
  ]);
});

test('every rule that anything in the repository names is one of them', () => {
  const unknown = sources.flatMap((path) =>
    numbersIn(read(path))
      .filter((number) => !every.includes(number))
      .map((number) => `${path}: rule ${String(number)}`),
  );
  expect(unknown).toEqual([]);
  expect(defects.flatMap(({ rules }) => rules).filter((number) => !every.includes(number))).toEqual([]);
});

test('every rule that holds today is named by a test, or by a planted defect that goes red', () => {
  const tests = sources.filter((path) => path.endsWith('.test.ts') && !path.startsWith('test/documents/'));
  const named = new Set([...tests.flatMap((path) => numbersIn(read(path))), ...defects.flatMap(({ rules }) => rules)]);
  const planned = section('docs/design.md', '### Planned: what comes next');
  const promised = new Set([...planned.matchAll(marked)].map(([, number]) => Number(number)));
  expect(every.filter((number) => !named.has(number) && !promised.has(number))).toEqual([]);
});
