import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startProcessGroup } from '../../../local/emulators/process-group.ts';

/** A stand-in for an emulator: a wrapper with a child of its own, which prints its pid and then waits. */
const wrapper = ['-c', '/bin/sh -c \'echo "child $$"; exec sleep 600\' & wait'];
const stubborn = ['-c', 'trap "" TERM; echo "child $$"; while :; do sleep 600; done'];

test('stopping takes down the command and its children', async () => {
  const group = startProcessGroup('/bin/sh', wrapper, process.env);
  const child = await printedPid(group);
  expect(isAlive(child)).toBe(true);
  await group.stop();
  await until(() => !isAlive(child));
  expect(await group.ended).toBe('signal SIGTERM');
  await group.stop();
});

test('what does not want to end is made to', async () => {
  const group = startProcessGroup('/bin/sh', stubborn, process.env);
  const child = await printedPid(group);
  await group.stop(200);
  expect(await group.ended).toBe('signal SIGTERM');
  await until(() => !isAlive(child));
});

test('a command that ends by itself is told with its code and what it last said', async () => {
  const group = startProcessGroup('/bin/sh', ['-c', 'seq 1 100000; echo "no port" >&2; exit 3'], process.env);
  expect(await group.ended).toBe('exit code 3');
  await until(() => group.lastOutput().includes('no port'));
  expect(group.lastOutput().length).toBeLessThanOrEqual(16 * 1024);
  await group.stop();
});

test('a command that is not there is told too', async () => {
  const group = startProcessGroup('/nowhere/emulator', [], process.env);
  expect(await group.ended).toBe('exit code 127');
  await group.stop();
});

test('when the process that started them is killed, nothing stays behind', async () => {
  const url = new URL('../../../local/emulators/process-group.ts', import.meta.url);
  const script = `
    import { startProcessGroup } from ${JSON.stringify(fileURLToPath(url))};
    const group = startProcessGroup('/bin/sh', ${JSON.stringify(wrapper)}, process.env);
    const timer = setInterval(() => group.lastOutput() !== '' && process.stdout.write(group.lastOutput()), 20);`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  starter.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  const child = await printedPid({ lastOutput: () => output });
  starter.kill('SIGKILL');
  await once(starter, 'exit');
  await expect.poll(() => isAlive(child), { timeout: 10_000, interval: 10 }).toBe(false);
});

async function printedPid(group: { lastOutput(): string }): Promise<number> {
  const pid = (): number => Number(/child (\d+)\n/u.exec(group.lastOutput())?.[1]);
  await until(() => pid() > 0);
  return pid();
}

/** Also true for a moment after its death, until the system has taken note. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 10_000, interval: 10 }).toBe(true);
}
