import { describe, expect, test } from 'vitest';
import { parseArgs } from '../../cli/parse-args.ts';
import { variables } from '../../shared/config/config.ts';
import { consoleVariables } from '../../console/server/deployment.ts';
import { logEvents } from '../../shared/log/log.ts';
import { stateCollections } from '../../shared/state/firestore/names.ts';
import { plain } from '../terraform/evaluate/values.ts';
import { variablePaths } from '../terraform/evaluate/variable-paths.ts';
import { deployments } from '../terraform/settings.ts';
import { expansionsOf, isKnown } from './commands.ts';
import { allFiles, documents, isPlanned, quoted, read, section, tableRows } from './tree.ts';

/** Everything that somebody who operates the product reads or copies. */
const guides = [...documents.filter((path) => !path.startsWith('test/')), 'docs/firestore.rules'];
const texts = [...guides, ...allFiles('terraform').filter((path) => path.endsWith('.tf')), ...buildFiles()];

const { minimal, everything, edge } = deployments;
const made = [minimal, edge, everything].flatMap(({ resources, outputs }) => [
  ...resources.flatMap(({ address, values }) => [address, JSON.stringify(plain(values))]),
  JSON.stringify(plain(outputs)),
]);
/** The second installation is called otherwise. */
const madeText = made
  .join('\n')
  .replaceAll('sync-eu', 'developer-sync')
  .replaceAll('sync_eu', 'developer_sync')
  .replaceAll('syncEu', 'developerSync');

describe.each(guides)('%s', (path) => {
  const text = read(path);
  const code = codeOf(text);

  test('names only commands of devsync that there are, with and without npx', () => {
    const commands = code.flatMap((line) =>
      [...line.matchAll(/(?:^|[\s(;&|])(?:npx )?devsync ((?:[^\s#;&|)"'`]+ ?)+(?:\|[^\s]+)?)/g)].map(([, rest = '']) =>
        rest.trim(),
      ),
    );
    const complete = commands.filter(
      (command) => !/…|^[.,:]|^(?:is|and|run|needs|wants|--version|--help|completion)\b/.test(command),
    );
    expect(complete.filter((command) => !isPlannedCommand(command) && !isNamed(command))).toEqual([]);
  });

  test('names only things that are deployed', () => {
    const named = new Set([...text.matchAll(/(?<![\w/-])developer-sync-[\w-]*\w/g)].map(([name]) => name));
    expect([...named].filter((name) => !madeText.includes(name) && !ours.includes(name)).toSorted()).toEqual([]);
  });

  test('names only collections that there are', () => {
    const named = new Set([...text.matchAll(/\bdeveloperSync[A-Z]\w*/g)].map(([name]) => name));
    const known = Object.values(stateCollections('developerSync'));
    expect([...named].filter((name) => !known.includes(name))).toEqual([]);
  });

  test('names only settings of the deployment that there are', () => {
    const spans = [...text.matchAll(/`([a-z_]+(?:\.[a-z_…]+)+)(?=[`\s=])/g)].map(([, span = '']) => span);
    const roots = new Set([...variablePaths.keys()].map((known) => known.split('.')[0]));
    const meant = spans.filter(
      (span) =>
        roots.has(span.split('.')[0] ?? '') &&
        !/\.(?:txt|com|json|ts|md|rules|yaml)$/.test(span) &&
        !span.includes('…'),
    );
    expect(meant.filter((span) => !variablePaths.has(span))).toEqual([]);
  });

  test('names only outputs, addresses, events and variables that there are', () => {
    const outputs = [...text.matchAll(/terraform(?: -chdir=\S+)? output (?:-json |-raw )?([a-z_]+)/g)].map(
      ([, name]) => name,
    );
    expect(outputs.filter((name) => !Object.keys(minimal.outputs).includes(name ?? ''))).toEqual([]);
    const addresses = [...text.matchAll(/(?:-replace=|-target=|state rm )'?([\w.[\]"]+)/g)].map(
      ([, address = '']) => address,
    );
    expect(
      addresses.filter((address) => !made.some((known) => known === address || known.startsWith(`${address}[`))),
    ).toEqual([]);
    const events = [...text.matchAll(/jsonPayload\.event=\\?"(\w+)/g)].map(([, event]) => event);
    expect(events.filter((event) => !logEvents.some((known) => known === event))).toEqual([]);
    const named = [...text.matchAll(/`([A-Z][A-Z\d]*_[A-Z\d_]+)(?==|`)/g)].map(([, name = '']) => name);
    expect(
      named.filter((name) => !known.has(name) && !name.startsWith('TF_VAR_') && !name.startsWith('CONSOLE_')),
    ).toEqual([]);
  });
});

test('what removes our collections removes all of them', () => {
  const [, listed = ''] = /--collection-ids=(\S+)/.exec(read('docs/runbook.md')) ?? [];
  expect(listed.split(',').toSorted()).toEqual(Object.values(stateCollections('developerSync')).toSorted());
});

test('a role that a document asks for is one of Google’s, and not made up', () => {
  const roles = texts.flatMap((path) => [...read(path).matchAll(/roles\/[\w.]+/g)].map(([role]) => role));
  expect([...new Set(roles)].filter((role) => !googleRoles.has(role)).toSorted()).toEqual([]);
});

/** Google's roles that we grant or ask for, as its reference has them. */
const googleRoles = new Set([
  'roles/apigee.developerAdmin',
  'roles/apigee.readOnlyAdmin',
  'roles/artifactregistry.writer',
  'roles/cloudkms.cryptoKeyEncrypterDecrypter',
  'roles/cloudscheduler.admin',
  'roles/datastore.owner',
  'roles/datastore.user',
  'roles/datastore.viewer',
  'roles/eventarc.eventReceiver',
  'roles/eventarc.serviceAgent',
  'roles/iam.serviceAccountOpenIdTokenCreator',
  'roles/iap.httpsResourceAccessor',
  'roles/logging.logWriter',
  'roles/logging.viewer',
  'roles/monitoring.viewer',
  'roles/pubsub.publisher',
  'roles/pubsub.serviceAgent',
  'roles/pubsub.subscriber',
  'roles/resourcemanager.projectIamAdmin',
  'roles/run.invoker',
  'roles/run.viewer',
  'roles/secretmanager.secretAccessor',
  'roles/storage.objectViewer',
]);

/** Made by hand, as terraform/README.md says. */
const ours = [
  'developer-sync-state',
  'developer-sync-cache',
  'developer-sync-archives',
  'developer-sync-plans',
  'developer-sync-check',
  'developer-sync-builder',
  'developer-sync-plan',
  'developer-sync-deploy',
  'developer-sync-log-hash-key',
  'developer-sync-edge-username',
  'developer-sync-edge-password',
];

const known = new Set([
  ...Object.keys(variables),
  ...Object.keys(consoleVariables),
  'NODE_OPTIONS',
  'NODE_ENV',
  'NO_COLOR',
  'FIRESTORE_EMULATOR_HOST',
  'PUBSUB_EMULATOR_HOST',
  'ALLOW_ALL',
  'ALLOW_INTERNAL_ONLY',
  'DATA_WRITE',
  'COMMIT_SHA',
  'LOG_EXECUTION_ID',
]);

/** What stands in code: blocks, and what is in backticks, on one line each. */
function codeOf(text: string): readonly string[] {
  const joined = text.replaceAll(/\\\n\s*/g, ' ');
  const fenced = [...joined.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].flatMap(([, body = '']) => body.split('\n'));
  const indented = [...joined.matchAll(/^ {4,}(\S.*)$/gm)].map(([, line = '']) => line);
  const inline = [...joined.matchAll(/`([^`\n]+(?:\n[^`\n]+)?)`/g)].map(([, span = '']) =>
    span.replaceAll(/\s+/g, ' '),
  );
  return [...fenced, ...indented.filter((line) => /^(?:npx |devsync |cd |\$ )/.test(line)), ...inline];
}

const planned = tableRows(section('docs/design.md', '### Commands'))
  .filter((row) => isPlanned(row.join()))
  .map((row) => quoted(row[0] ?? '')[0] ?? '');

function isPlannedCommand(command: string): boolean {
  return planned.some((row) => row.startsWith(`npx devsync ${command}`));
}

/** A command line, or only the name of a command with some of its options. */
function isNamed(command: string): boolean {
  const line = command.replaceAll('\\|', '|').replace(/[.,:;]+$/, '');
  if (expansionsOf(line).every(isKnown)) return true;
  const words = line.split(' ');
  const name = words.filter((word) => /^[a-z]+$/.test(word));
  let help = '';
  const collect = (text: string): void => void (help += text);
  parseArgs([...name, '--help'], { out: collect, err: collect });
  const options = words.filter((word) => word.startsWith('--'));
  const isWhole = words.length === name.length + options.length;
  return (
    isWhole && help.includes(`Usage: devsync ${name.join(' ')}`) && options.every((option) => help.includes(option))
  );
}

function buildFiles(): readonly string[] {
  return allFiles().filter((path) => /^cloudbuild\.\w+\.yaml$/.test(path));
}
