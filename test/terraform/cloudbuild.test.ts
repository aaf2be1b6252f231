import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { read } from './hcl.ts';

const text = read('cloudbuild.yaml');
const steps = text.split(/^ {2}- id: /m).slice(1);
const ids = steps.map((step) => /^[\w-]+/.exec(step)?.[0] ?? '');

test('every image has an exact version', () => {
  const images = [...text.matchAll(/^ {4}name: (.+)$/gm)].map(([, image]) => image ?? '');
  expect(images).toHaveLength(steps.length);
  for (const image of images) expect(image).toMatch(/^[\w./-]+:\d+\.\d+\.\d+[\w-]*$/);
});

test('every step has a time limit and waits only for steps that exist', () => {
  for (const step of steps) {
    expect(step).toMatch(/^ {4}timeout: \d+s$/m);
    const awaited = /^ {4}waitFor: \[(.*)\]$/m.exec(step)?.[1]?.split(', ') ?? [];
    expect(awaited.length).toBeGreaterThan(0);
    expect(awaited.filter((id) => id !== "'-'" && !ids.includes(id))).toEqual([]);
  }
});

test('nothing is planned before it was built, tested and checked, and only that plan is applied', () => {
  const plan = steps.find((step) => step.startsWith('plan')) ?? '';
  expect(plan).toContain('waitFor: [types, lint, test, build, console-image, terraform-check]');
  const apply = steps.find((step) => step.startsWith('apply')) ?? '';
  expect(apply).toContain('waitFor: [plan]');
  expect(apply).toMatch(/terraform -chdir=terraform apply .*tfplan$/m);
});

describe('the image of the console', () => {
  const image = 'europe-docker.pkg.dev/my-portal/developer-sync/console';
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

  test('is not made unless it is named, and the plan is then as the settings say', () => {
    const { calls, status } = runSteps({ _CONSOLE_IMAGE: '' });
    expect(status).toEqual([0, 0]);
    expect(calls.filter((call) => call.startsWith('gcloud'))).toEqual([]);
    expect(planOf(calls)).not.toContain('console_image');
  });

  test('is made of what was built, by the account of the build, and planned by its digest', () => {
    const { calls, status } = runSteps({ _CONSOLE_IMAGE: image });
    expect(status).toEqual([0, 0]);
    const submit = calls.find((call) => call.startsWith('gcloud builds submit')) ?? '';
    expect(submit).toContain(`submit dist/console --quiet --pack=image=${image}:build-1 `);
    expect(submit).toContain('--service-account=projects/my-portal/serviceAccounts/deployer@my-portal.iam.');
    expect(planOf(calls)).toContain(` -var=console_image=${image}@${digest} `);
  });

  test('that could not be made ends the build before the plan', () => {
    const { status } = runSteps({ _CONSOLE_IMAGE: image, FAILS: 'yes' });
    expect(status[0]).not.toBe(0);
  });

  /** Runs the scripts of both steps, as far as the first that fails, on a gcloud and a terraform that write down how they were called. */
  function runSteps(env: Readonly<Record<string, string>>): {
    readonly calls: readonly string[];
    readonly status: readonly (number | null)[];
  } {
    const folder = mkdtempSync(join(tmpdir(), 'cloudbuild-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, 'bin'));
    mkdirSync(join(folder, 'terraform'));
    const noted = 'echo "$(basename "$0") $*" >> calls.txt';
    const gcloud = `[ -z "\${FAILS:-}" ] || exit 1\ncase "$*" in *describe*) echo '${digest}';; esac`;
    writeFileSync(join(folder, 'bin/gcloud'), `#!/bin/sh\n${noted}\n${gcloud}\n`, { mode: 0o755 });
    writeFileSync(join(folder, 'bin/terraform'), `#!/bin/sh\n${noted}\n`, { mode: 0o755 });
    writeFileSync(join(folder, 'calls.txt'), '');
    const status: (number | null)[] = [];
    for (const id of ['console-image', 'plan']) {
      const script = scriptOf(id);
      const shell = script.startsWith('#!/bin/sh') ? 'sh' : 'bash';
      const ran = spawnSync(shell, ['-c', script], {
        cwd: folder,
        env: {
          PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
          PROJECT_ID: 'my-portal',
          BUILD_ID: 'build-1',
          _DEPLOYER: 'deployer',
          _STATE_BUCKET: 'state',
          _CACHE_BUCKET: 'cache',
          _VAR_FILE: 'prod.tfvars',
          ...env,
        },
      });
      status.push(ran.status);
      if (ran.status !== 0) break;
    }
    return { calls: readFileSync(join(folder, 'calls.txt'), 'utf8').split('\n'), status };
  }

  function scriptOf(id: string): string {
    const [, script] = (steps.find((step) => step.startsWith(`${id}\n`)) ?? '').split('    script: |\n');
    if (script === undefined) throw new Error(`there is no step ${id} with a script`);
    return script.replaceAll(/^ {6}/gm, '');
  }

  function planOf(calls: readonly string[]): string {
    return calls.find((call) => call.includes(' plan ')) ?? '';
  }
});

test('every substitution that is used has a default or comes from Cloud Build', () => {
  const used = new Set([...text.matchAll(/\$\{?(_[A-Z_]+)/g)].map(([, name]) => name ?? ''));
  const declared = [...text.matchAll(/^ {2}(_[A-Z_]+):/gm)].map(([, name]) => name ?? '');
  expect([...used].sort()).toEqual(declared.sort());
});
