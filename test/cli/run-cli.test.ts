import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
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
    [['--help'], 'Usage: devsync'],
    [['sync', '--help'], '--dry-run'],
    [['help', 'explain'], 'changes nothing'],
  ])('%j prints help: exit 0', async (args, text) => {
    const { code, out, err } = await say(args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(text);
  });

  test.each([
    [[], 'Usage'],
    [['hold'], 'unknown command'],
    [['sync', '--ful'], 'unknown option'],
    [['sync', 'nobody'], 'Give an email'],
    [['sync', ''], 'Give an email'],
    [['sync', 'a@b.c', 'd@e.f'], 'too many arguments'],
    [['sync', 'a@b.c', '--full'], 'are about runs'],
    [['sync', 'a@b.c', '--background'], 'are about runs'],
    [['sync', 'a@b.c', '--reason', 'x'], 'are about runs'],
    [['sync', '--reason'], 'argument missing'],
    [['sync', '--reason', 'x'.repeat(501)], '500 characters'],
    [['holds', 'drop'], 'Allowed choices are list, approve, release'],
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
    [['explain'], 'missing required argument'],
    [['explain', '#'], 'Give an email'],
    [['explain', '#a/b'], 'Give an email'],
    [['schedule', 'stop'], 'Allowed choices are show, pause, resume, run'],
  ])('%j is wrong usage: exit 1 with a message, and nothing is connected to', async (args, text) => {
    const { code, out, err } = await say(args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(text);
  });

  test('settings that are missing are named, one a line: exit 1', async () => {
    const { code, out, err } = await say(['status']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe('APIGEE_ORG is not set: set it\nGOOGLE_CLOUD_PROJECT is not set: set it\n');
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
