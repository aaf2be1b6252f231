import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newMeter } from '../../shared/state/meter.ts';
import { policyOf } from '../../shared/config/policy-of.ts';
import { verifyPeople } from '../../shared/verify/verify-people.ts';
import type { Finding } from '../../shared/verify/finding.ts';
import { inProcess } from '../support/in-process.ts';
import { expectDiscreet, logged } from './hostile.ts';
import { collection, developers, mappings } from './hostile-documents.ts';

test(
  'a run over any documents is done, adds up and settles; whoever differs is explained, and nothing personal is logged (rules 12, 18, 26, 27)',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(collection, developers, mappings, fc.boolean(), async (documents, seeds, env, pushed) => {
        const world = inProcess({ env });
        world.developers.seed(...seeds);
        for (const [id, data] of documents) world.database.putPortalDocument(id, data);
        if (pushed) {
          for (const [id] of documents) {
            const results = await world.push(id);
            for (const { reason, outcome } of results) expect([outcome, reason !== '']).toEqual([outcome, true]);
          }
        }
        const first = await world.run();
        const counts = first.totals?.counts;
        expect([first.state, first.problem]).toEqual(['done', undefined]);
        const last = await world.run();
        expect([last.state, last.totals?.traffic.writes]).toEqual(['done', 0]);
        expect(last.totals?.counts.seen).toBe(counts?.seen);
        for (const { message } of world.logs) expectDiscreet([message]);
        expectDiscreet(logged(world.logs.map(({ fields: _, ...entry }) => entry)));
        expect(world.logs.map(({ event }) => event)).not.toContain('unexpected_error');
        for (const { failure, hold } of world.database.allLinks())
          expectDiscreet([failure?.message ?? '', hold?.detail ?? '']);

        const unexplained: Finding[] = [];
        const { services } = world;
        const verification = await verifyPeople(
          {
            people: services.people(newMeter()),
            developers: world.developers,
            policy: policyOf(services.config),
            now: Date.now,
          },
          (finding) => {
            if (finding.because.kind === 'unexplained') unexplained.push(finding);
          },
        );
        expect([verification.kind, unexplained]).toEqual(['complete', []]);
      }),
      { numRuns: 25 },
    );
  },
);
