import { profileBytes } from '../core/model/limits.ts';
import type { PortalReading } from '../core/model/profile.ts';
import type { PortalDocument, PortalPage } from './people.ts';

/** What the users of one page may have together, in bytes as `profileBytes` counts them. An ordinary user has a few hundred. */
export const largestPage = 8 * 1024 * 1024;

/** Collects the documents of a page one by one, as far as they fit. */
export interface PageInMaking {
  add(document: PortalDocument): void;
  page(): PortalPage;
}

/** A page of at most `limit` documents. The first document always fits, so that every page leads on. */
export function newPortalPage(limit: number): PageInMaking {
  const documents: PortalDocument[] = [];
  let bytes = 0;
  let isFull = false;
  return {
    add(document) {
      bytes += bytesOf(document.reading);
      isFull ||= documents.length >= limit || (documents.length > 0 && bytes > largestPage);
      if (!isFull) documents.push(document);
    },
    page: () => ({ documents, more: isFull || documents.length >= limit }),
  };
}

/** A document that cannot be used leaves no more than a few sentences. */
export function bytesOf(reading: PortalReading): number {
  return reading.kind === 'user' ? profileBytes(reading.user.profile) : 0;
}
