import { describe, expect, test } from 'vitest';
import { parseArgs } from '../../cli/parse-args.ts';
import { variables } from '../../shared/config/config.ts';
import { readRequestMessage } from '../../shared/messages/sync-messages.ts';
import { toReportJson } from '../../shared/operator/json/report.ts';
import { defaultMapping, parseMapping } from '../../shared/portal/mapping-config.ts';
import { newRun } from '../shared/state/samples.ts';
import { documents, isPlanned, quoted, read, section, tableRows } from './tree.ts';
import { expansionsOf, isKnown } from './commands.ts';

const design = 'docs/design.md';

describe('environment variables', () => {
  const rows = tableRows(section(design, '### Environment variables'));
  const namesIn = (row: readonly string[]): readonly string[] => quoted(row[0] ?? '');

  test('the table has every variable that the product reads, and calls the others planned', () => {
    const today = rows.filter((row) => !isPlanned(row.join())).flatMap(namesIn);
    expect(today.toSorted()).toEqual(Object.keys(variables).sort());
    const later = rows.filter((row) => isPlanned(row.join())).flatMap(namesIn);
    expect(later.filter((name) => name in variables)).toEqual([]);
  });

  test("so has README.md's", () => {
    const named = tableRows(section('README.md', '## Settings')).flatMap(namesIn);
    expect(named.toSorted()).toEqual(Object.keys(variables).sort());
  });

  test.each([design, 'README.md'])('the defaults in %s are those of the code', (document) => {
    const heading = document === design ? '### Environment variables' : '## Settings';
    for (const row of tableRows(section(document, heading)).filter((cells) => !isPlanned(cells.join()))) {
      const defaults = namesIn(row).flatMap((name) => {
        const parsed = variables[name as keyof typeof variables].safeParse(undefined);
        return parsed.success && parsed.data !== undefined ? [String(parsed.data)] : [];
      });
      if (defaults.length > 0) expect(quoted(row[1] ?? '')).toEqual(defaults);
    }
  });
});

describe('commands', () => {
  const rows = tableRows(section(design, '### Commands'))
    .map((row) => ({ command: quoted(row[0] ?? '')[0] ?? '', planned: isPlanned(row.join()) }))
    .filter(({ command }) => command.startsWith('npx devsync '));
  const today = rows.filter(({ planned }) => !planned);

  test.each(today)('$command is understood, with every option that the table gives it', ({ command }) => {
    expect(expansionsOf(command).filter((args) => !isKnown(args))).toEqual([]);
  });

  test.each(rows.filter(({ planned }) => planned))('$command is planned, and unknown as yet', ({ command }) => {
    expect(expansionsOf(command).filter(isKnown)).toEqual([]);
  });

  test('the table leaves out no command and no option', () => {
    const all = today.map(({ command }) => command).join('\n');
    const missing = commandNames().flatMap((name) => [
      ...(all.includes(`npx devsync ${name}`) ? [] : [name]),
      ...optionsOf(name).filter((option) => !new RegExp(`^npx devsync ${name}\\b.*${option}\\b`, 'm').test(all)),
    ]);
    expect(missing).toEqual([]);
  });

  test.each(documents)('every devsync command in %s is understood', (document) => {
    const named = [...read(document).matchAll(/`(npx devsync [^`]+)`|^(?: {4}|> *)(npx devsync [^#\n]+)/gm)];
    const commands = named.map(([, inline, block]) => (inline ?? block ?? '').replaceAll(/\s+/g, ' ').trim());
    const planned = new Set(rows.filter((row) => row.planned).map(({ command }) => command));
    const unescaped = commands.map((command) => command.replaceAll('\\|', '|'));
    const unknown = unescaped
      .filter((command) => !planned.has(command) && !command.includes('…'))
      .filter((command) => !expansionsOf(command).every(isKnown));
    expect(unknown).toEqual([]);
  });
});

test('the default mapping and the sync request in the document are what the code takes', () => {
  const [mapping = ''] = jsonBlocks('### The mapping');
  expect(parseMapping(mapping)).toEqual(defaultMapping);
  const [request = ''] = jsonBlocks('### Sync request');
  const message = { data: request, attributes: {}, messageId: '1', publishTime: 0, subscription: 'requests' };
  expect(readRequestMessage(message)).toMatchObject({ ok: true, value: { request: JSON.parse(request) } });
});

test('a run as JSON has the members that the document shows, in the same order', () => {
  const [shown = ''] = jsonBlocks('### A run as JSON');
  const shape = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([name, member]) => [name, shape(member)])
      : 'value';
  expect(shape(toReportJson(newRun('run-1')))).toEqual(shape(JSON.parse(shown)));
});

function jsonBlocks(heading: string): readonly string[] {
  return [...section(design, heading).matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => json);
}

function commandNames(): readonly string[] {
  const help = helpOf([]);
  const [, commands = ''] = /^Commands:\n([\s\S]*?)\n\n/m.exec(help) ?? [];
  const listed = commands.matchAll(/^ {2}([a-z][\w-]*)/gm);
  return [...listed].map(([, name = '']) => name).filter((name) => name !== 'help');
}

function optionsOf(command: string): readonly string[] {
  const listed = helpOf([command]).matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm);
  return [...listed].map(([, option = '']) => option).filter((option) => option !== '--help');
}

function helpOf(args: readonly string[]): string {
  let help = '';
  const collect = (text: string): void => {
    help += text;
  };
  parseArgs([...args, '--help'], { out: collect, err: collect });
  return help;
}
