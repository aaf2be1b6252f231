import { failed, type Outcome, read } from './answer.ts';
import type { Call, Site } from './call.ts';
import type { DeveloperRecord } from './developer.ts';

/** The most developers in one answer, with or without `count`. */
const mostPerPage = 1000;

/** `GET /developers`: `startKey` is inclusive; the order is stable, and nothing else is promised of it. */
export function listDevelopers(call: Call, site: Site): Outcome {
  const { store, settings, wire } = site;
  const { order } = settings;
  const expand = readBoolean(call.params.get('expand'));
  const count = readCount(call.params.get('count'));
  if (expand === undefined)
    return failed({ kind: 'invalid-argument', message: "Invalid value at 'expand' (TYPE_BOOL)" });
  if (count === undefined)
    return failed({ kind: 'invalid-argument', message: "Invalid value at 'count' (TYPE_INT64)" });

  const app = call.params.get('app');
  if (app) {
    // Answers whole developers, even where none are asked for, and ignores count and startKey.
    return read(
      wire.listing(
        selected(site, (record) => record.apps.includes(app)),
        true,
      ),
    );
  }
  const ids = call.params.get('ids');
  if (ids) {
    const wanted = new Set(ids.split(','));
    const matches = selected(site, ({ email, developerId }) => wanted.has(email) || wanted.has(developerId));
    return read(wire.listing(matches, expand));
  }

  const startKey = call.params.get('startKey') ?? '';
  const paged = startKey !== '' || call.params.has('count');
  if (expand && paged && settings.expandWithPaging === 'refuse') {
    return failed({ kind: 'invalid-argument', message: 'expand is not valid with count or startKey' });
  }
  const expanded = expand && !(paged && settings.expandWithPaging === 'ignore');

  if (startKey !== '' && settings.vanishedStartKey === 'not-found' && !store.byEmail(startKey)) {
    return failed({ kind: 'start-key-missing', key: startKey });
  }
  const from = startKey === '' ? 0 : (store.positionOf(order, startKey) ?? store.size);
  return read(wire.listing(store.slice(order, from, Math.min(count, shortPageLength(site, from))), expanded));
}

function selected(site: Site, matches: (record: DeveloperRecord) => boolean): DeveloperRecord[] {
  return site.store.all(site.settings.order).filter(matches).slice(0, mostPerPage);
}

function shortPageLength(site: Site, from: number): number {
  const { shortPage } = site.settings;
  if (!shortPage || from < shortPage.afterItems) return mostPerPage;
  site.usedShortPage();
  return shortPage.length;
}

function readBoolean(text: string | null): boolean | undefined {
  if (text === null || text === '' || text === 'false') return false;
  return text === 'true' ? true : undefined;
}

function readCount(text: string | null): number | undefined {
  if (text === null || text === '') return mostPerPage;
  if (!/^\d+$/.test(text)) return undefined;
  // Zero is the default of a number, the same as an absent one.
  return Number(text) === 0 ? mostPerPage : Math.min(Number(text), mostPerPage);
}
