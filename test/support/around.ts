import type { Developers } from '../../shared/apigee/developers.ts';
import type { Runs } from '../../shared/state/runs.ts';

/** Something that happens around an effect: it may fail before it or after it. */
export type Around = <T>(effect: string, happen: () => Promise<T>) => Promise<T>;

/** The writes of the developers, each with `around` around it. */
export function aroundDevelopers(developers: Developers, around: Around): Developers {
  return {
    ...developers,
    listEmails: (page) => developers.listEmails(page),
    listDevelopers: (page) => developers.listDevelopers(page),
    get: (email, turn) => developers.get(email, turn),
    create: (body) => around('create', () => developers.create(body)),
    update: (email, body) => around('update', () => developers.update(email, body)),
    setStatus: (email, status) => around('set-status', () => developers.setStatus(email, status)),
    delete: (email) => around('delete', () => developers.delete(email)),
  };
}

export function aroundRuns(runs: Runs, around: Around): Runs {
  return {
    ...runs,
    create: (run) => around('create-run', () => runs.create(run)),
    update: (runId, step) => around('update-run', () => runs.update(runId, step)),
    createBatch: (batch) => around('create-batch', () => runs.createBatch(batch)),
    completeBatch: (id, result) => around('complete-batch', () => runs.completeBatch(id, result)),
    rememberListing: (memory) => around('remember-listing', () => runs.rememberListing(memory)),
    updateListing: (step) => around('update-listing', () => runs.updateListing(step)),
    setApart: (runId, digests) => around('set-apart', () => runs.setApart(runId, digests)),
    updatePolling: (step) => around('update-polling', () => runs.updatePolling(step)),
    updateControl: (step) => around('update-control', () => runs.updateControl(step)),
  };
}
