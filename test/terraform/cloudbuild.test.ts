import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { buildFile, inOrder, runBuild, substituted, type BuildFile, type Step } from './build-files.ts';
import { read } from './hcl.ts';

const names = ['check', 'plan', 'apply', 'audit'] as const;
const files = Object.fromEntries(names.map((name) => [name, buildFile(name)])) as Record<
  (typeof names)[number],
  BuildFile
>;
/** @see https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values */
const builtIn = ['PROJECT_ID', 'BUILD_ID', 'COMMIT_SHA'];

describe.each(names)('cloudbuild.%s.yaml', (name) => {
  const file = files[name];
  const text = read(`cloudbuild.${name}.yaml`);

  test('has images of exact versions only', () => {
    for (const step of file.steps) expect(step.name).toMatch(/^[\w./-]+:\d+\.\d+\.\d+[\w-]*$/);
  });

  test('has steps of different names, which wait only for what comes', () => {
    expect(new Set(file.steps.map(({ id }) => id)).size).toBe(file.steps.length);
    expect(inOrder(file.steps)).toHaveLength(file.steps.length);
  });

  test('is not cut off before its steps have had their time', () => {
    const until = new Map<string, number>();
    for (const { id, waitFor, timeout } of inOrder(file.steps))
      until.set(id, Math.max(...waitFor.map((other) => until.get(other) ?? 0)) + timeout);
    expect(file.timeout).toBeGreaterThanOrEqual(Math.max(...until.values()));
  });

  test('uses every substitution that it declares, and no other', () => {
    const used = new Set(
      [...text.replaceAll(/^\s*#.*$/gm, '').matchAll(/\$\{?(_?[A-Z][A-Z_]+)/g)].map(([, used = '']) => used),
    );
    const own = [...used].filter((variable) => variable.startsWith('_'));
    expect(own.sort()).toEqual(Object.keys(file.substitutions).sort());
    const others = [...used].filter(
      (variable) => !variable.startsWith('_') && !['PATH', 'PWD', 'POLL_SECONDS'].includes(variable),
    );
    expect(others.filter((variable) => !builtIn.includes(variable))).toEqual([]);
  });

  test('has scripts that stop at the first mistake, in a shell that the image has', () => {
    for (const { script, name: image } of file.steps) {
      if (!script.includes('\n')) continue;
      expect(script).toMatch(
        image.startsWith('hashicorp/') ? /^#!\/bin\/sh\nset -eu\n/ : /^#!\/usr\/bin\/env bash\nset -euo pipefail\n/,
      );
    }
  });
});

describe('who may do what', () => {
  test.each([
    ['check', 'developer-sync-check'],
    ['plan', 'developer-sync-plan'],
    ['apply', 'developer-sync-deploy'],
    ['audit', 'developer-sync-check'],
  ] as const)('%s runs as %s', (name, account) => {
    const { serviceAccount, substitutions } = files[name];
    const ran = substituted(serviceAccount, { ...substitutions, PROJECT_ID: 'my-portal' });
    expect(ran).toBe(`projects/my-portal/serviceAccounts/${account}@my-portal.iam.gserviceaccount.com`);
  });

  test.each(['plan', 'apply'] as const)('no code of ours or of a dependency runs in %s', (name) => {
    for (const { name: image, script } of files[name].steps) {
      expect(image).toMatch(/^(?:hashicorp\/terraform|gcr\.io\/google\.com\/cloudsdktool\/google-cloud-cli):/);
      expect(script).not.toMatch(/\b(?:npm|npx|node|vitest)\b/);
    }
  });

  test('only apply changes the deployment', () => {
    const changing =
      /\bterraform\b.*\b(?:apply|destroy|import|state|taint)\b|\bgcloud (?:functions|run|pubsub|firestore|iam)\b/;
    const which = names.filter((name) => files[name].steps.some(({ script }) => changing.test(script)));
    expect(which).toEqual(['apply']);
  });
});

const archive = 'the archive';
const hash = createHash('sha256').update(archive).digest('hex');
const image = 'europe-docker.pkg.dev/my-portal/developer-sync/console';
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const lock = createHash('sha256').update('the lock').digest('hex').slice(0, 16);

describe('check', () => {
  const built = { 'package-lock.json': 'the lock', 'dist/functions.zip': archive, 'dist/sbom.json': '{}' };
  const describes = { gcloud: `case "$*" in *describe*) echo '${digest}';; "storage cp gs://"*) exit 1;; esac` };

  test('of a proposal checks everything, keeps the cache and nothing else', () => {
    const { calls, failed } = runBuild(files.check, { files: built, answers: describes });
    expect(failed).toBeUndefined();
    expect(calls.filter((call) => !call.startsWith('save-cache')).toSorted()).toEqual(
      [
        `restore-cache: gcloud storage cp gs://my-portal-developer-sync-cache/npm-${lock}.tgz ${pathIn(calls)}/npm/cache.tgz`,
        `install: npm ci --cache ${pathIn(calls)}/npm/cache --prefer-offline --no-audit --no-fund`,
        'types: npm run types',
        'lint: npm run lint',
        'test: vitest run',
        'build: npm run build',
        'build: npm sbom --sbom-format=cyclonedx --omit=dev',
        'terraform-check: terraform fmt -check -recursive terraform',
        'terraform-check: terraform -chdir=terraform init -backend=false -input=false',
        'terraform-check: terraform -chdir=terraform validate',
        'terraform-check: terraform -chdir=terraform test',
      ].toSorted(),
    );
  });

  test('of main keeps the archive by its hash and the image by its digest, and uses nobody’s cache', () => {
    const { calls, failed, file } = runBuild(files.check, {
      given: { _KEEP: 'true', _CONSOLE_IMAGE: image },
      files: { ...built, 'dist/sbom.json': '' },
      answers: { gcloud: `case "$*" in *describe*) echo '${digest}';; esac` },
    });
    expect(failed).toBeUndefined();
    expect(calls.filter((call) => call.includes('gcloud'))).toEqual([
      `console-image: gcloud builds submit dist/console --quiet --pack=image=${image}:build-1 --service-account=projects/my-portal/serviceAccounts/developer-sync-builder@my-portal.iam.gserviceaccount.com --gcs-source-staging-dir=gs://my-portal-developer-sync-archives/console-source --gcs-log-dir=gs://my-portal-developer-sync-archives/console-logs`,
      `console-image: gcloud artifacts docker images describe ${image}:build-1 --format=value(image_summary.digest)`,
      `keep: gcloud storage cp --no-clobber dist/functions.zip gs://my-portal-developer-sync-archives/functions-${hash}.zip`,
      `keep: gcloud storage cp --no-clobber dist/sbom.json gs://my-portal-developer-sync-archives/functions-${hash}.sbom.json`,
      'keep: gcloud storage cp release.txt gs://my-portal-developer-sync-archives/releases/c0ffee.txt',
    ]);
    expect(file('release.txt')).toBe(`${hash} ${image}@${digest}\n`);
  });

  test.each([
    ['install', { npm: 'case "$*" in ci*) exit 1;; esac' }],
    ['types', { npm: 'case "$*" in "run types") exit 1;; esac' }],
    ['lint', { npm: 'case "$*" in "run lint") exit 1;; esac' }],
    ['test', { vitest: 'exit 1' }],
    ['build', { npm: 'case "$*" in "run build") exit 1;; esac' }],
    ['build', { npm: 'case "$*" in sbom*) exit 1;; esac' }],
    ['terraform-check', { terraform: 'case "$*" in fmt*) exit 3;; esac' }],
    ['terraform-check', { terraform: 'case "$*" in *validate) exit 1;; esac' }],
    ['terraform-check', { terraform: 'case "$*" in *test) exit 1;; esac' }],
    ['console-image', { gcloud: 'case "$*" in *submit*) exit 1;; esac' }],
  ])('keeps nothing where %s fails', (step, answers: Readonly<Record<string, string>>) => {
    const given = { _KEEP: 'true', _CONSOLE_IMAGE: image };
    const { calls, failed } = runBuild(files.check, { given, files: built, answers });
    expect(failed).toBe(step);
    expect(calls.filter((call) => call.startsWith('keep'))).toEqual([]);
    // Cloud Build runs steps at once that do not wait for each other.
    expect(awaitedBy('keep', files.check.steps)).toContain(step);
  });

  function pathIn(calls: readonly string[]): string {
    return /--cache (\S+)\/npm\/cache/.exec(calls.find((call) => call.startsWith('install')) ?? '')?.[1] ?? '';
  }
});

describe('plan', () => {
  const fetches = (release: string): string =>
    `case "$*" in *releases*) printf '%s\\n' '${release}' > release.txt;; *functions-*) printf '%s' '${archive}' > dist/functions.zip;; esac`;
  const release = `${hash} ${image}@${digest}`;

  test('takes the release by its hash, plans it with its image, and keeps the plan', () => {
    const { calls, failed, file } = runBuild(files.plan, { answers: { gcloud: fetches(release) } });
    expect(failed).toBeUndefined();
    expect(calls).toEqual([
      'release: gcloud storage cp gs://my-portal-developer-sync-archives/releases/c0ffee.txt release.txt',
      `release: gcloud storage cp gs://my-portal-developer-sync-archives/functions-${hash}.zip dist/functions.zip`,
      'plan: terraform -chdir=terraform init -input=false -reconfigure -backend-config=bucket=my-portal-developer-sync-state -backend-config=prefix=developer-sync',
      `plan: terraform -chdir=terraform plan -input=false -lock=false -var-file=prod.tfvars -var=name=developer-sync -var=console_image=${image}@${digest} -out=tfplan`,
      'plan: terraform -chdir=terraform show -no-color tfplan',
      'keep: gcloud storage cp terraform/tfplan terraform/plan.txt dist/functions.zip commit.txt gs://my-portal-developer-sync-plans/build-1/',
    ]);
    expect(file('commit.txt')).toBe('c0ffee');
    expect(file('terraform/backend.tf')).toBe('terraform {\n  backend "gcs" {}\n}\n');
  });

  test('of another installation or release has a state of its own, and no image where the release has none', () => {
    const given = { _NAME: 'sync-eu', _RELEASE: 'abc', _VAR_FILE: 'test.tfvars', _ARCHIVE_BUCKET: 'others' };
    const { calls } = runBuild(files.plan, { given, answers: { gcloud: fetches(`${hash} `) } });
    expect(calls[0]).toBe('release: gcloud storage cp gs://others/releases/abc.txt release.txt');
    expect(calls[2]).toContain('-backend-config=prefix=sync-eu');
    expect(calls[3]).toBe(
      'plan: terraform -chdir=terraform plan -input=false -lock=false -var-file=test.tfvars -var=name=sync-eu -out=tfplan',
    );
  });

  test('plans no archive with another hash', () => {
    const { calls, failed } = runBuild(files.plan, { answers: { gcloud: fetches(`${'0'.repeat(64)} `) } });
    expect(failed).toBe('release');
    expect(calls.filter((call) => call.includes('terraform'))).toEqual([]);
    expect(awaitedBy('plan', files.plan.steps)).toContain('release');
  });

  test.each(['init', 'plan', 'show'])('keeps no plan where terraform %s fails', (command) => {
    const terraform = `case "$*" in *" ${command} "*) exit 1;; esac`;
    const { calls, failed } = runBuild(files.plan, { answers: { gcloud: fetches(release), terraform } });
    expect(failed).toBe('plan');
    expect(calls.filter((call) => call.startsWith('keep'))).toEqual([]);
    expect(awaitedBy('keep', files.plan.steps)).toContain('plan');
  });
});

describe('apply', () => {
  const planned = { 'commit.txt': 'c0ffee', 'functions.zip': archive, tfplan: 'the plan' };
  const ends = (event: string): Readonly<Record<string, string>> => ({
    gcloud: `case "$*" in *run_completed*) echo '${event}';; *push_completed*) echo push_completed;; *token*) echo token;; esac`,
  });
  const given = { _PLAN: 'build-0', _CANARY: 'portalUsers/canary' };

  test('applies exactly that plan, and sees a run and an edit through', () => {
    const { calls, failed, file } = runBuild(files.apply, { given, files: planned, answers: ends('run_completed') });
    expect(failed).toBeUndefined();
    expect(calls.slice(0, 4)).toEqual([
      'fetch: gcloud storage cp gs://my-portal-developer-sync-plans/build-0/* .',
      'apply: terraform -chdir=terraform init -input=false -reconfigure -backend-config=bucket=my-portal-developer-sync-state -backend-config=prefix=developer-sync',
      'apply: terraform -chdir=terraform apply -input=false -lock-timeout=300s tfplan',
      'dry-run: gcloud pubsub topics publish developer-sync-requests --project=my-portal --attribute=runId=smoke-build-1 --message={"mode":"full","dryRun":true,"reason":"smoke test"}',
    ]);
    expect([file('terraform/tfplan'), file('dist/functions.zip')]).toEqual(['the plan', archive]);
    const patch = calls.find((call) => call.startsWith('canary: curl'));
    expect(patch).toContain('-X PATCH');
    expect(patch).toContain(
      'databases/(default)/documents/portalUsers/canary?updateMask.fieldPaths=touchedAt&currentDocument.exists=true',
    );
  });

  test.each([
    ['no plan is named', { ...given, _PLAN: '' }, planned],
    ['the plan is of another commit', given, { ...planned, 'commit.txt': 'another' }],
  ])('applies nothing where %s', (_, substitutions, workspace) => {
    const { calls, failed } = runBuild(files.apply, {
      given: substitutions,
      files: workspace,
      answers: ends('run_completed'),
    });
    expect(failed).toBe('fetch');
    expect(calls.filter((call) => call.includes('terraform'))).toEqual([]);
    expect(awaitedBy('apply', files.apply.steps)).toContain('fetch');
  });

  test.each([
    ['run_held', undefined],
    ['run_failed', 'dry-run'],
    ['', 'dry-run'],
  ])('a dry run that ends with "%s": failed is %s', (event, step) => {
    expect(runBuild(files.apply, { given, files: planned, answers: ends(event) }).failed).toBe(step);
    expect(awaitedBy('dry-run', files.apply.steps)).toContain('apply');
  });

  test('an edit that nobody pushes fails, and no portal user is touched unless one is named', () => {
    const silent = { gcloud: `case "$*" in *run_completed*) echo run_completed;; esac` };
    expect(runBuild(files.apply, { given, files: planned, answers: silent }).failed).toBe('canary');
    expect(awaitedBy('canary', files.apply.steps)).toContain('apply');
    const { calls, failed } = runBuild(files.apply, { given: { _PLAN: 'x' }, files: planned, answers: silent });
    expect([failed, calls.filter((call) => call.includes('curl'))]).toEqual([undefined, []]);
  });

  test.each(['init', 'apply'])('looks at nothing where terraform %s fails', (command) => {
    const terraform = `case "$*" in *" ${command} "*) exit 1;; esac`;
    const { failed, calls } = runBuild(files.apply, {
      given,
      files: planned,
      answers: { ...ends('run_completed'), terraform },
    });
    expect([failed, calls.filter((call) => call.startsWith('dry-run'))]).toEqual(['apply', []]);
  });
});

test('audit asks for advisories and signatures, of the lock', () => {
  expect(runBuild(files.audit, {}).calls).toEqual([
    'install: npm ci --no-audit --no-fund',
    'advisories: npm audit --omit=dev --audit-level=high',
    'signatures: npm audit signatures',
  ]);
});

/** Everything that is over before a step begins. */
function awaitedBy(id: string, steps: readonly Step[]): readonly string[] {
  const direct = steps.find((step) => step.id === id)?.waitFor.filter((other) => other !== '-') ?? [];
  return [...direct, ...direct.flatMap((other) => awaitedBy(other, steps))];
}
