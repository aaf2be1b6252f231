import type { PlantedDefect } from '../planted-defect.ts';

/** shared/run: walks, batches, the gate, and the end of a run. */
export const running: readonly PlantedDefect[] = [
  {
    name: 'The developer at a page boundary is lost: the start key is taken to be exclusive',
    rules: [3, 9],
    file: 'shared/apigee/listing.ts',
    find: `emails.slice(index + 1)`,
    replace: `emails.slice(index + 2)`,
    caughtBy: ['test/shared/run/page-boundaries.test.ts'],
  },
  {
    name: 'A start key that is gone is taken for the end of the listing',
    rules: [25],
    file: 'shared/apigee/listing.ts',
    find: `if (answer.error.kind === 'absent' && startKey !== undefined) continue;`,
    replace: `if (answer.error.kind === 'absent' && startKey !== undefined) return { kind: 'end' };`,
    caughtBy: ['test/shared/apigee/listing.test.ts'],
  },
  {
    name: 'A listing that fails half-way is taken for complete',
    rules: [16, 25],
    file: 'shared/apigee/listing.ts',
    find: `      return { kind: 'failed', error: answer.error };`,
    replace: `      return startKey === undefined ? { kind: 'failed', error: answer.error } : { kind: 'end' };`,
    caughtBy: ['test/shared/run/adds-up.test.ts'],
  },
  {
    name: 'A page that answers without its start key is taken for the end of the listing',
    rules: [25],
    file: 'shared/apigee/listing.ts',
    find: `const problem = await stillThere(developers, [startKey]);`,
    replace: `const problem = await stillThere(developers, [startKey]);
    if (problem === 'inconsistent') return { kind: 'end' };`,
    caughtBy: ['test/shared/run/page-boundaries.test.ts'],
  },
  {
    name: 'The place of the listing walk is written one email a line: an email that ends in a line feed ends every run',
    rules: [7, 25],
    file: 'shared/run/phases/apigee/listing-place.ts',
    find: `  return JSON.stringify(place);`,
    replace: `  return place.tail.join('\\n');`,
    caughtBy: ['test/shared/run/odd-spellings.test.ts'],
  },
  {
    name: 'The listing is given up at a developer whom no path can name',
    rules: [7, 25],
    file: 'shared/apigee/listing.ts',
    find: `of emails.filter(canBeNamed)) {`,
    replace: `of emails) {`,
    caughtBy: ['test/shared/run/odd-spellings.test.ts'],
  },
  {
    name: 'A listing that goes in circles is walked without end',
    rules: [25],
    file: 'shared/run/phases/apigee/listing-place.ts',
    find: `const isMarked = last !== undefined && Number.isInteger(Math.log2(pages + 1));`,
    replace: `const isMarked = last !== undefined && pages < 0;`,
    caughtBy: ['test/shared/run/circles.test.ts'],
  },
  {
    name: 'A developer who was created again during the walk ends the run, as if the listing went in circles',
    rules: [7, 25],
    file: 'shared/run/phases/apigee/walk-pages.ts',
    find: `  return unknown.size === 0;`,
    replace: `  return unknown.size < 1000;`,
    caughtBy: ['test/shared/run/circles.test.ts'],
  },
  {
    name: 'The last developers coming behind themselves are taken for the end of the listing',
    rules: [16, 25],
    file: 'shared/apigee/listing.ts',
    find: `if (last === undefined) return endOf(developers, answer.value, startKey);`,
    replace: `if (last === undefined || tail.includes(last)) return endOf(developers, answer.value, startKey);`,
    caughtBy: ['test/shared/apigee/listing.test.ts', 'test/shared/run/circles.test.ts'],
  },
  {
    name: 'A listing that knows no start key is begun anew without end',
    rules: [25],
    file: 'shared/apigee/listing.ts',
    find: `if (startKey === undefined && tail.length > 0) {`,
    replace: `if (startKey === undefined && tail.length > 5) {`,
    caughtBy: ['test/shared/apigee/listing.test.ts'],
  },
  {
    name: 'The cursor moves on before the page’s batch is published',
    rules: [24],
    file: 'shared/run/phases/apigee/walk-pages.ts',
    find: `  await session.publisher.publishBatch({ runId, phase: 'apigee', seq });
  const walked = created ? page : lastOf(published);
  const place = placeBehind(before, walked, from === 'beginning');
  const cursor = encodeCursor({ kind: 'pages', place });
  return checkpoint(session, runId, (state) =>
    state.walks.apigee.batches === seq && !state.walks.apigee.complete
      ? {
          ...withWalk(state, { batches: seq + 1, complete: false, cursor }),
          walked: state.walked + published.people.length,
        }
      : state,
  );
}`,
    replace: `  const walked = created ? page : lastOf(published);
  const place = placeBehind(before, walked, from === 'beginning');
  const cursor = encodeCursor({ kind: 'pages', place });
  const after = await checkpoint(session, runId, (state) =>
    state.walks.apigee.batches === seq && !state.walks.apigee.complete
      ? {
          ...withWalk(state, { batches: seq + 1, complete: false, cursor }),
          walked: state.walked + published.people.length,
        }
      : state,
  );
  await session.publisher.publishBatch({ runId, phase: 'apigee', seq });
  return after;
}`,
    caughtBy: ['test/shared/run/redelivery.test.ts'],
  },
  {
    name: 'Whom the expanded page leaves out is taken for deleted, without a GET',
    rules: [25],
    file: 'shared/run/phases/apigee/read-alone.ts',
    find: `const missing = [...new Set(people)].filter((email) => !found.has(email) && canonicalEmail(email) !== undefined);`,
    replace: `const missing = found.size > 0 ? [] : people.filter((email) => canonicalEmail(email) !== undefined);`,
    caughtBy: ['test/shared/run/page-boundaries.test.ts'],
  },
  {
    name: 'A developer modified since the last run is skipped by an incremental one',
    rules: [3],
    file: 'shared/run/phases/apigee/look-at-listed.ts',
    find: `(developers.get(name)?.lastModifiedAt ?? Infinity) >= since`,
    replace: `(developers.get(name)?.createdAt ?? Infinity) >= since`,
    caughtBy: ['test/shared/run/incremental.test.ts'],
  },
  {
    name: 'An incremental run looks only at what changed since the last one ended, not since it began',
    rules: [3],
    file: 'shared/run/lifecycle/start-run.ts',
    find: `const starts = [lastFull?.startedAt, lastIncremental?.startedAt].filter((start) => start !== undefined);`,
    replace: `const starts = [lastFull?.finishedAt, lastIncremental?.finishedAt].filter((end) => end !== undefined);`,
    caughtBy: ['test/shared/run/incremental.test.ts'],
  },
  {
    name: 'A run begins while another one is active',
    rules: [20],
    file: 'shared/run/lifecycle/start-run.ts',
    find: `const isFree = current.activeRunId === undefined || current.activeRunId === runId;`,
    replace: `const isFree = current.activeRunId !== '';`,
    caughtBy: ['test/shared/run/one-at-a-time.test.ts'],
  },
  {
    name: 'A failed run moves the watermark: what it did not see is skipped afterwards',
    rules: [25],
    file: 'shared/run/lifecycle/end-run.ts',
    find: `if (run.state === 'failed' || run.dryRun || run.chosen !== undefined || run.startedAt === undefined) return free;`,
    replace: `if (run.dryRun || run.chosen !== undefined || run.startedAt === undefined) return free;`,
    caughtBy: ['test/shared/run/incremental.test.ts'],
  },
  {
    name: 'A dry run moves the watermark: what it did not write is skipped afterwards',
    rules: [3],
    file: 'shared/run/lifecycle/end-run.ts',
    find: `run.state === 'failed' || run.dryRun || run.chosen`,
    replace: `run.state === 'failed' || run.chosen`,
    caughtBy: ['test/shared/run/incremental.test.ts'],
  },
  {
    name: 'A dry run writes to Apigee',
    rules: [8],
    file: 'shared/run/session.ts',
    find: `const { people, developers } = dryRun ? session.dry(runId) : session;`,
    replace: `const { people } = dryRun ? session.dry(runId) : session;
  const { developers } = session;`,
    caughtBy: ['test/shared/run/full-run.test.ts'],
  },
  {
    name: 'Every batch makes its own deletions, without waiting for the gate',
    rules: [16],
    file: 'shared/run/reconcile-batch.ts',
    find: `const { gate } = phases[batch.phase];`,
    replace: `const gate = batch.phase === 'portal' ? phases.portal.gate : phases.destructive.gate;`,
    caughtBy: ['test/shared/run/gate.test.ts'],
  },
  {
    name: 'The gate counts one batch instead of the whole run',
    rules: [16],
    file: 'shared/run/lifecycle/run-count.ts',
    find: `const waiting = { planned: planned.tally().seen, uncreated: uncreated.tally().seen };`,
    replace: `const waiting = { planned: Math.min(1, planned.tally().seen), uncreated: uncreated.tally().seen };`,
    caughtBy: ['test/shared/run/gate-over-batches.test.ts'],
  },
  {
    name: 'A run that does not add up is reported as done',
    rules: [26],
    file: 'shared/run/lifecycle/count-run.ts',
    find: `addsUp: isComplete(run) && sum(counts) === seen,`,
    replace: `addsUp: isComplete(run),`,
    caughtBy: ['test/shared/run/adds-up.test.ts'],
  },
  {
    name: 'Whoever failed and will be tried again is counted as unchanged',
    rules: [7, 26],
    file: 'shared/run/phases/phase.ts',
    find: `this.outcomes.push(outcome);`,
    replace: `this.outcomes.push(result.disposition === 'retry' ? 'unchanged' : outcome);`,
    caughtBy: ['test/shared/run/adds-up.test.ts'],
  },
  {
    name: 'A batch that was done and crashed before letting the run go on does not let it go on when redelivered',
    rules: [24],
    file: 'shared/run/reconcile-batch.ts',
    find: `return { end: { kind: 'done' }, isLastHere: true };`,
    replace: `return { end: { kind: 'done' }, isLastHere: false };`,
    caughtBy: ['test/shared/run/redelivery.test.ts'],
  },
  {
    name: 'A batch that two deliveries do at the same time is recorded twice',
    rules: [20, 26],
    file: 'shared/state/in-memory/runs.ts',
    find: `if (batch.result !== undefined) return { result: false };`,
    replace: `if (batch.result === result) return { result: false };`,
    caughtBy: ['test/shared/state/runs-in-memory.test.ts'],
  },
  {
    name: 'People for whom there was no time are dropped with the batch',
    rules: [24, 26],
    file: 'shared/run/phases/phase.ts',
    find: `if (left.length === 0) return { kind: 'done' };`,
    replace: `if (left.length <= 1000) return { kind: 'done' };`,
    caughtBy: ['test/shared/run/adds-up.test.ts'],
  },
  {
    name: 'A portal user who was deleted is not noticed by a run',
    rules: [15, 20],
    file: 'shared/run/phases/portal.ts',
    find: `    else if (link.key === documentKey(link.userId)) await forgetNameless(deps, link.userId);
    else marks.push({ id: link.userId, mark: { kind: 'due', key: link.key } });`,
    replace: `    else if (link.key === documentKey(link.userId)) await forgetNameless(deps, link.userId);`,
    caughtBy: ['test/shared/run/full-run.test.ts'],
  },
  {
    name: 'An incremental run does not look at people who are due',
    rules: [7],
    file: 'shared/run/phases/unseen.ts',
    find: `isWanted: ({ link }) => !isFull || link.presence !== 'portal',`,
    replace: `isWanted: ({ link }) => isFull && link.presence !== 'portal',`,
    caughtBy: ['test/shared/run/incremental.test.ts'],
  },
  {
    name: 'Calls that a batch made are reported by the next one again',
    rules: [26],
    file: 'shared/run/session.ts',
    find: `for (const operation of operations) calls[operation] = 0;`,
    replace: ``,
    caughtBy: ['test/shared/run/adds-up.test.ts'],
  },
  {
    name: 'Each batch of a run may create as many people as the run may',
    rules: [32],
    file: 'shared/run/creation-limit.ts',
    find: `const taken = await runs.takeCreations(runId, portion, limit);`,
    replace: `const taken = await runs.takeCreations(\`\${runId} \${String(Math.random())}\`, portion, limit);`,
    caughtBy: ['test/shared/run/creation-limit.test.ts'],
  },
  {
    name: 'A run that has created as many people as it may goes on to its deletions',
    rules: [16, 32],
    file: 'shared/run/lifecycle/count-run.ts',
    find: `return uncreated === 0 && gateOpens(`,
    replace: `return uncreated >= 0 && gateOpens(`,
    caughtBy: ['test/shared/run/creation-limit.test.ts'],
  },
];
