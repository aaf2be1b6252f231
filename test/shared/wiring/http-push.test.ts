import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../../../shared/log/log.ts';
import type { Handled } from '../../../shared/run/session.ts';
import { createInMemoryDatabase } from '../../../shared/state/in-memory/database.ts';
import { createInMemoryRuns } from '../../../shared/state/in-memory/runs.ts';
import { answerPush } from '../../../shared/wiring/http-push.ts';

const body = { message: { messageId: '1', attributes: {}, data: '' }, subscription: 's' };

async function answered(
  handle: () => Promise<Handled>,
): Promise<{ readonly answer: string; readonly logs: readonly LogEntry[] }> {
  const logs: LogEntry[] = [];
  const answer = await answerPush(body, {
    source: 'reconcile-batch',
    log: (entry) => logs.push(entry),
    runs: createInMemoryRuns({ database: createInMemoryDatabase({ now: () => 0 }) }),
    read: () => ({ ok: true, value: undefined }),
    handle,
    now: () => 0,
  });
  return { answer, logs };
}

describe('a message whose handling failed', () => {
  test.each([
    ['a client library', Object.assign(new Error('10 ABORTED: {"email":"ann@example.com"}'), { code: 10 })],
    ['a bug', new TypeError('cannot read ann@example.com')],
    ['something that is no Error', 'ann@example.com'],
  ])('comes again, and what %s says about people is not logged (rules 24, 27)', async (_, error) => {
    const { answer, logs } = await answered(() => Promise.reject(error));
    expect(answer).toBe('again');
    expect(logs).toMatchObject([{ event: 'unexpected_error', severity: 'ERROR' }]);
    expect(JSON.stringify(logs)).not.toContain('@example');
  });

  test('comes again without an alarm where that passes by itself (rule 25)', async () => {
    const { answer, logs } = await answered(async () => ({
      kind: 'again',
      reason: 'apigee',
      message: 'get: HTTP 503',
    }));
    expect(answer).toBe('again');
    expect(logs).toEqual([
      { event: 'apigee_unavailable', severity: 'WARNING', message: 'reconcile-batch: get: HTTP 503' },
    ]);
  });

  test('comes again without a warning where only the time was up', async () => {
    const { answer, logs } = await answered(async () => ({
      kind: 'again',
      reason: 'time',
      message: '3 people are left',
    }));
    expect(answer).toBe('again');
    expect(logs).toEqual([{ event: 'run_phase', severity: 'INFO', message: 'reconcile-batch: 3 people are left' }]);
  });
});
