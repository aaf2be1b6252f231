import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { commandWorld, hostileValues, say, steers } from './command-world.ts';

const words = [
  'sync',
  'status',
  'explain',
  'schedule',
  'help',
  '--full',
  '--dry-run',
  '--json',
  '--background',
  '--reason',
];
const more = [
  '--local',
  '--',
  '-h',
  '--location',
  '',
  '#',
  '#x',
  '#../x',
  'ann@example.com',
  'show',
  'pause',
  '__proto__',
];

describe('the command line', () => {
  test.each([
    [[], 'Usage: devsync'],
    [['--help'], 'Usage: devsync'],
    [['--help'], 'NO_COLOR'],
    [['sync', '--help'], 'devsync sync ann@example.com'],
    [['undo', '--help'], '3  there is no such person, run or plan'],
    [['sync', '--help'], '--dry-run'],
    [['help', 'explain'], 'changes nothing'],
  ])('%j prints help: exit 0', async (args, text) => {
    const { code, out, err } = await say(args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(text);
  });

  test('tells the version, which is that of the product', async () => {
    expect(await say(['--version'])).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
    expect(await say(['-V'])).toMatchObject({ code: 0 });
  });

  test('says where settings come from, and how a local stack is meant where one is up', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'devsync-'));
    expect((await say(['status'], { cwd })).err).toContain('Settings come from the environment');
    mkdirSync(join(cwd, '.local'));
    writeFileSync(join(cwd, '.local', 'stack.json'), '{}');
    expect((await say(['status'], { cwd })).err).toContain('did you mean devsync --local?');
    rmSync(cwd, { recursive: true });
  });

  test.each([
    [
      ['holds', ''],
      ['list', 'approve', 'release'],
    ],
    [['sync', '--f'], ['--full']],
    [
      ['developers', 'de'],
      ['deactivate', 'delete'],
    ],
  ])('completes %j', async (typed, expected) => {
    const printed: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    expect(await say(['complete', '--', ...typed])).toMatchObject({ code: 0, err: '' });
    log.mockRestore();
    expect(printed.map((line) => line.split('\t')[0])).toEqual(expect.arrayContaining(expected));
  });

  test.each([
    [['hold'], 'Unknown command'],
    [['sync', '--ful'], 'Unknown option'],
    [['sync', 'nobody'], 'Give an email'],
    [['sync', ''], 'Give an email'],
    [['sync', 'a@b.c', 'd@e.f'], 'Too many arguments'],
    [['sync', 'a@b.c', '--full'], 'are about runs'],
    [['sync', 'a@b.c', '--background'], 'are about runs'],
    [['sync', 'a@b.c', '--reason', 'x'], 'are about runs'],
    [['sync', '--reason'], 'argument missing'],
    [['sync', '--reason', 'x'.repeat(501)], '500 characters'],
    [['holds', 'drop'], 'drop is no ACTION: give one of list, approve, release'],
    [['holds', 'approve'], 'Give the run'],
    [['holds', 'release'], 'Give the person'],
    [['holds', 'release', 'nobody'], 'Give an email'],
    [['holds', 'list', 'r1'], 'takes no more'],
    [['holds', '--background'], 'is about holds approve'],
    [['holds', '--yes'], 'are about holds approve'],
    [['holds', 'approve', 'r1', '--all'], 'are about holds release'],
    [['holds', 'release', '--all'], 'give both'],
    [['holds', 'release', '--reason-is', 'rename-refused'], 'give both'],
    [['holds', 'release', 'a@b.c', '--reason-is', 'rename-refused', '--all'], 'Give either'],
    [['holds', 'release', '--reason-is', 'bad-mood', '--all'], 'Allowed choices are portal-collision'],
    [['schedule', '--reason', 'x'], 'changes the schedule'],
    [['explain'], 'Missing required argument'],
    [['explain', '#'], 'Give an email'],
    [['explain', '#a/b'], 'Give an email'],
    [['schedule', 'stop'], 'stop is no ACTION: give one of show, pause, resume, run'],
  ])('%j is wrong usage: exit 1 with a message, and nothing is connected to', async (args, text) => {
    const { code, out, err } = await say(args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(text);
  });

  test('settings that are missing are named, one a line: exit 1', async () => {
    const { code, out, err } = await say(['status']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      'APIGEE_ORG is not set: set it\nGOOGLE_CLOUD_PROJECT is not set: set it\nSettings come from the environment, for example from a file: set -a; . ./.env.sync; set +a\n',
    );
  });

  test('no arguments crash it, print a stack or steer the terminal', async () => {
    const argument = fc.oneof(
      fc.constantFrom(...words, ...more, ...hostileValues),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.emailAddress(),
    );
    const world = commandWorld();
    await fc.assert(
      fc.asyncProperty(fc.array(argument, { maxLength: 5 }), async (args) => {
        const { code, out, err } = await world.devsync(...args);
        expect([0, 1, 2, 3]).toContain(code);
        expect(err).not.toMatch(/^\s+at .*:\d+/mu);
        expect(out).not.toMatch(/^\s+at .*:\d+/mu);
        expect(steers((out + err).replaceAll(/[\u200c\u200d]/gu, ''))).toBe(false);
        if (code === 1 && !args.includes('--json')) expect(err).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });
});
