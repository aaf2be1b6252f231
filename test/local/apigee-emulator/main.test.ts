import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';

test.each(['SIGINT', 'SIGTERM'] as const)(
  'the program prints one line with its URL and ends well on %s',
  async (signal) => {
    const program = spawn(process.execPath, ['local/apigee-emulator/main.ts', '--mode', 'edge', '--org', 'acme'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void program.kill('SIGKILL'));
    const lines: string[] = [];
    const output = createInterface(program.stdout).on('line', (line) => lines.push(line));
    await once(output, 'line');
    const [url = ''] = /http:\S+/.exec(lines[0] ?? '') ?? [];
    const answer = await fetch(`${url}/v1/o/acme/developers`, { headers: { authorization: 'Bearer token' } });
    expect(await answer.json()).toEqual([]);
    program.kill(signal);
    expect(await once(program, 'exit')).toEqual([0, null]);
    expect(lines).toHaveLength(1);
  },
);
