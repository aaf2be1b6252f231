import type { Audit } from '../../../shared/state/audit.ts';
import type { Changes } from '../../../shared/state/changes.ts';
import type { People } from '../../../shared/state/people.ts';
import type { Runs } from '../../../shared/state/runs.ts';
import type { Process } from './process.ts';

/* Every call of a store is a scheduling point. */

export function pausing(people: People, process: Process): People {
  const after = async <T>(happen: () => Promise<T>): Promise<T> => {
    await process.point();
    return happen();
  };
  return {
    links: (keys) => after(() => people.links(keys)),
    linksOfPortalUser: (id) => after(() => people.linksOfPortalUser(id)),
    linksByUserId: (range, limit) => after(() => people.linksByUserId(range, limit)),
    linksOnlyOnPortal: (page) => after(() => people.linksOnlyOnPortal(page)),
    linksDue: (page) => after(() => people.linksDue(page)),
    linksWithDeveloper: (page) => after(() => people.linksWithDeveloper(page)),
    countLinksWithDeveloper: () => after(() => people.countLinksWithDeveloper()),
    keysWrittenSince: (since, limit) => after(() => people.keysWrittenSince(since, limit)),
    troubledLinks: (page) => after(() => people.troubledLinks(page)),
    portalUsers: (ids) => after(() => people.portalUsers(ids)),
    portalPage: (page) => after(() => people.portalPage(page)),
    portalRange: (range) => after(() => people.portalRange(range)),
    userIdsWithEmail: (email) => after(() => people.userIdsWithEmail(email)),
    portalChangedSince: (since, limit) => after(() => people.portalChangedSince(since, limit)),
    read: (scope) => after(() => people.read(scope)),
    transact: (scope, step) => after(() => people.transact(scope, step)),
  };
}

export function pausingRuns(runs: Runs, process: Process, noteStop: () => void): Runs {
  const after = async <T>(happen: () => Promise<T>): Promise<T> => {
    await process.point();
    return happen();
  };
  return {
    create: (run) => after(() => runs.create(run)),
    get: (runId) => after(() => runs.get(runId)),
    update: (runId, step) => after(() => runs.update(runId, step)),
    recent: (limit, before) => after(() => runs.recent(limit, before)),
    queued: (limit) => after(() => runs.queued(limit)),
    held: (limit) => after(() => runs.held(limit)),
    createBatch: (batch) => after(() => runs.createBatch(batch)),
    getBatch: (id) => after(() => runs.getBatch(id)),
    completeBatch: (id, result) => after(() => runs.completeBatch(id, result)),
    rewriteBatch: (id, step) => after(() => runs.rewriteBatch(id, step)),
    countDone: (runId, phase) => after(() => runs.countDone(runId, phase)),
    unfinished: (runId, phase, limit) => after(() => runs.unfinished(runId, phase, limit)),
    listing: () => after(() => runs.listing()),
    rememberListing: (memory) => after(() => runs.rememberListing(memory)),
    updateListing: (step) => after(() => runs.updateListing(step)),
    apart: (runId) => after(() => runs.apart(runId)),
    setApart: (runId, digests) => after(() => runs.setApart(runId, digests)),
    async *batches(runId, from) {
      await process.point();
      yield* runs.batches(runId, from);
    },
    lastProgress: (runId) => after(() => runs.lastProgress(runId)),
    control: () => after(() => runs.control()),
    updateControl: (step) =>
      after(async () => {
        const result = await runs.updateControl(step);
        noteStop();
        return result;
      }),
    polling: () => after(() => runs.polling()),
    updatePolling: (step) => after(() => runs.updatePolling(step)),
    reject: (rejection) => after(() => runs.reject(rejection)),
    rejections: (limit) => after(() => runs.rejections(limit)),
    spendDestructive: (at, limit) => after(() => runs.spendDestructive(at, limit)),
    takeCreations: (runId, wanted, limit) => after(() => runs.takeCreations(runId, wanted, limit)),
    giveBackCreations: (runId, unused) => after(() => runs.giveBackCreations(runId, unused)),
  };
}

export function pausingChanges(changes: Changes, process: Process): Changes {
  const after = async <T>(happen: () => Promise<T>): Promise<T> => {
    await process.point();
    return happen();
  };
  return {
    by: (actor, page) => after(() => changes.by(actor, page)),
    ofPerson: (key, page) => after(() => changes.ofPerson(key, page)),
    forget: (key) => after(() => changes.forget(key)),
  };
}

export function pausingAudit(audit: Audit, process: Process): Audit {
  const after = async <T>(happen: () => Promise<T>): Promise<T> => {
    await process.point();
    return happen();
  };
  return {
    begin: (record) => after(() => audit.begin(record)),
    complete: (actionId, end) => after(() => audit.complete(actionId, end)),
    get: (actionIds) => after(() => audit.get(actionIds)),
    recent: (page) => after(() => audit.recent(page)),
    forget: (key, hash, isMentioned) => after(() => audit.forget(key, hash, isMentioned)),
    ofPerson: (key) => after(() => audit.ofPerson(key)),
  };
}
