import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { inspect } from 'node:util';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CliIo } from '../../cli/process/cli-io.ts';
import { readConfig } from '../../shared/config/config.ts';
import type { OpenScheduler, ScheduledJob } from '../../shared/operator/actions/schedule.ts';
import { commandWorld, say, type CommandWorld, type Said } from '../cli/command-world.ts';
import { existingPortals } from '../support/portals/existing-portals.ts';
import { evaluate } from '../terraform/evaluate/expressions.ts';
import { deploy } from '../terraform/evaluate/deployment.ts';
import { parseBody } from '../terraform/evaluate/parse.ts';
import { plain, type Values } from '../terraform/evaluate/values.ts';
import { required } from '../terraform/settings.ts';
import { read } from './tree.ts';

const document = 'docs/adopting.md';
const text = read(document);
const lines = [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/^ {4}(\S.*)$/gm)].map(([, line = '']) => line);
const shell = ['README.md', 'terraform/README.md', 'docs/runbook.md'].map((path) => read(path)).join('\n');

/** The portal of the document: nested accounts, roles, verified emails. */
const [portal = none()] = existingPortals.filter(({ select }) => select !== undefined);

function none(): never {
  throw new Error('there is no such portal');
}

const email = 'bob@example.com';

/** What each command has to answer: its code, and a part of what it says. */
const steps: readonly (readonly [command: string, code: number, says: RegExp])[] = [
  ['check', 2, /4 would fail[\s\S]*PORTAL_MAPPING='\{"email":"account\.email"/],
  ['check --sample 1000', 0, /1 of 4 would be linked[\s\S]* 1 would get a developer[\s\S]* 2 would be left out/],
  ['explain EMAIL', 0, /By a sync +would/],
  ['plan --full', 0, /^ {2}plan +(?<PLAN>\S+)$/m],
  ['plan show PLAN', 0, /bob@example\.com[\s\S]*created in Apigee/],
  ['plan show PLAN --format csv', 0, /bob@example\.com/],
  ['schedule run', 0, /has sent its request/],
  ['status', 0, /held: 2 of 5 people would be written/],
  ['holds', 0, /(?<RUN>run-\d+)/],
  ['runs show RUN', 0, /bob@example\.com/],
  ['holds approve RUN --reason TEXT', 0, /complete and adds up/],
  ['sync --full', 0, /0 writes/],
  ['verify', 0, /Unexplained +0/],
  ['undo RUN --dry-run', 2, /bob@example\.com/],
  ['undo RUN --person EMAIL --reason TEXT', 0, /bob@example\.com .*deleted/],
  ['holds release EMAIL --reason TEXT', 0, /created in Apigee/],
  ['schedule resume', 0, /enabled/],
  ['schedule show', 0, /enabled/],
  ['status', 0, /0 pending, 0 held, 0 failed/],
  ['stop --reason TEXT', 0, /Every write was stopped/],
  ['resume --reason TEXT', 0, /goes on/],
];

test('every command of the document is run below, in its order, and what is no command of ours is told elsewhere, too', () => {
  const ours = lines.filter((line) => line.startsWith('npx devsync ')).map((line) => line.slice('npx devsync '.length));
  expect(ours).toEqual(steps.map(([command]) => command));
  const others = lines.filter((line) => !/^(?:npx devsync|export) /.test(line));
  expect(others.filter((line) => !shell.includes(line))).toEqual([]);
  const inline = [...text.matchAll(/`(npx devsync [^`]+)`/g)].map(([, command = '']) => command);
  expect(inline.filter((command) => !lines.includes(command))).toEqual([]);
});

test('the deployment of the document is one that there is, with the mapping of the document', () => {
  const [first = '', pull = ''] = [...text.matchAll(/```hcl\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const settings = valuesIn(first + pull);
  const { resources } = deploy({ ...required, ...settings });
  expect(JSON.stringify(resources.map(({ values }) => plain(values)))).toContain('first-run');
  const { mapping, select, collection } = plain(settings['portal'] ?? null) as Record<string, unknown>;
  expect({ mapping, select }).toEqual({ mapping: mappingOfDocument(), select: portal.select });
  expect(`export PORTAL_COLLECTION=${String(collection)}`).toBe(
    lines.find((line) => line.includes('PORTAL_COLLECTION')),
  );
});

test('every command of the document does what the document says, one after the other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'developer-sync-'));
  try {
    const file = join(folder, 'mapping.json');
    await writeFile(file, JSON.stringify(mappingOfDocument()));
    const env = settingsIn(file);
    expect(portal.mapping).toEqual(mappingOfDocument());
    const said = await runAll(env);
    expect(said.map(({ code }) => code)).toEqual(steps.map(([, code]) => code));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function runAll(env: Readonly<Record<string, string>>): Promise<readonly Said[]> {
  const { PORTAL_MAPPING, PORTAL_SELECT, ...before } = env;
  let world = worldOf(before);
  for (const [id, data] of Object.entries(portal.documents)) world.database.putPortalDocument(id, data);
  world.developers.seed({ email: 'ann@example.com', firstName: 'Ann', lastName: 'Lee' });
  world.developers.seed({ email: 'new@example.com', firstName: 'New', lastName: 'Comer' });
  const known = new Map([
    ['EMAIL', email],
    ['TEXT', 'as agreed with the API team'],
  ]);
  const said: Said[] = [];
  const untouched = bothSides(world);
  let isReviewed = false;
  for (const [place, [command, , says]] of steps.entries()) {
    if (place === 1)
      world = worldOf({ ...before, PORTAL_MAPPING: PORTAL_MAPPING ?? '', PORTAL_SELECT: PORTAL_SELECT ?? '' }, world);
    const answer = await world.devsync(...command.split(' ').map((word) => known.get(word) ?? word));
    const found = says.exec(answer.out + answer.err);
    if (found === null)
      throw new Error(`${command} ended with ${String(answer.code)} and said ${answer.out}${answer.err}`);
    for (const [name, value] of Object.entries(found.groups ?? {})) known.set(name, value);
    said.push(answer);
    // Nothing is written to either side before the review (rule 36).
    isReviewed ||= command.startsWith('holds approve');
    if (isReviewed) expect(bothSides(world)).not.toBe(untouched);
    else expect(bothSides(world)).toBe(untouched);
  }
  return said;
}

function bothSides({ developers, database }: CommandWorld): string {
  return inspect([developers.all(), database.portalDocuments()], { depth: Infinity });
}

/** The command line with credentials that may do everything, a schedule, and somebody who answers what is asked. */
function worldOf(env: Readonly<Record<string, string>>, sharing?: CommandWorld): CommandWorld {
  const job: ScheduledJob = {
    state: 'ENABLED',
    schedule: '*/15 * * * *',
    timeZone: 'Etc/UTC',
    next: 0,
    lastAttempt: undefined,
  };
  const openScheduler: OpenScheduler = async () => ({
    get: async () => job,
    pause: async () => job,
    resume: async () => job,
    async run() {
      await world.scheduledRun({ mode: 'incremental' });
      return job;
    },
    close: async () => undefined,
  });
  const io: Partial<CliIo> = {
    env: { ...env, USER: 'opal' },
    rights: { missing: async () => ({ kind: 'known', missing: [] }) },
    ask: async (question) => /\d+/.exec(question)?.[0],
  };
  const world = commandWorld(
    { env: { ...env, APPROVAL: 'first-run' }, ...(sharing === undefined ? {} : { sharing }) },
    io,
  );
  const schedule: CommandWorld['devsync'] = (...args) =>
    say(args, { ...io, openScheduler, openServices: async () => world.services });
  return { ...world, devsync: (...args) => (args[0] === 'schedule' ? schedule(...args) : world.devsync(...args)) };
}

function mappingOfDocument(): unknown {
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
  return JSON.parse(json);
}

/** What the document exports; `mapping` is the file that it calls mapping.json. */
function settingsIn(mapping: string): Readonly<Record<string, string>> {
  const exported = lines.flatMap((line) => {
    const [, name = '', value = ''] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    return name === '' ? [] : [[name, value.replaceAll("'", '').replace('mapping.json', mapping)] as const];
  });
  const settings = Object.fromEntries(exported);
  expect(readConfig({ ...settings, APIGEE_ACCESS_TOKEN: 't' }).portal.collection).toBe('users');
  return settings;
}

/** The values of a file of variables. */
function valuesIn(hcl: string): Values {
  const scope = {
    folder: '.',
    lookup(name: string): never {
      throw new Error(`a file of variables cannot name ${name}`);
    },
  };
  return Object.fromEntries(
    [...parseBody(hcl).attributes].map(([name, expression]) => [name, evaluate(expression, scope)]),
  );
}
