import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export interface FoundEmulators {
  readonly kind: 'found';
  /** Path of the java command. */
  readonly java: string;
  /** Paths of the commands that start the emulators. */
  readonly firestore: string;
  readonly pubsub: string;
}

export interface MissingEmulators {
  readonly kind: 'missing';
  /** A sentence for people: what is missing, and what to install or set. */
  readonly reason: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const run = promisify(execFile);
const gcloudTimeout = 30_000;

/**
 * Looks for Java and for the Firestore and Pub/Sub emulators of the Google Cloud SDK. The SDK is where
 * `GCLOUD_SDK_ROOT` or `CLOUDSDK_ROOT` says, else where `gcloud` says it is installed.
 */
export async function findEmulators(env: Environment = process.env): Promise<FoundEmulators | MissingEmulators> {
  const java = await findJava(env);
  if (java === undefined) return missing('there is no java: install a JRE of at least version 17, or set JAVA_HOME');
  const root = await findSdk(env);
  if (root === undefined) return missing('there is no gcloud: install the Google Cloud SDK, or set GCLOUD_SDK_ROOT');
  const firestore = join(root, 'platform', 'cloud-firestore-emulator', 'cloud_firestore_emulator');
  const pubsub = join(root, 'platform', 'pubsub-emulator', 'bin', 'cloud-pubsub-emulator');
  for (const [command, component] of [
    [firestore, 'cloud-firestore-emulator'],
    [pubsub, 'pubsub-emulator'],
  ] as const) {
    if (!(await isExecutable(command))) {
      return missing(`${root} has no ${component}: run gcloud components install ${component}`);
    }
  }
  return { kind: 'found', java, firestore, pubsub };
}

function missing(reason: string): MissingEmulators {
  return { kind: 'missing', reason: `The emulators cannot be used, ${reason}.` };
}

async function findJava(env: Environment): Promise<string | undefined> {
  const home = env['JAVA_HOME'];
  return home ? firstExecutable([join(home, 'bin', 'java')]) : findCommand('java', env);
}

async function findSdk(env: Environment): Promise<string | undefined> {
  const given = env['GCLOUD_SDK_ROOT'] || env['CLOUDSDK_ROOT'];
  if (given) return given;
  const gcloud = await findCommand('gcloud', env);
  if (gcloud === undefined) return undefined;
  try {
    const options = { env: { ...env }, timeout: gcloudTimeout };
    const { stdout } = await run(gcloud, ['info', '--format=value(installation.sdk_root)'], options);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

async function findCommand(name: string, env: Environment): Promise<string | undefined> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return firstExecutable(folders.map((folder) => join(folder, name)));
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
