import { readFileSync } from 'node:fs';

export type StoredDocument = Readonly<Record<string, unknown>>;

/** Documents that the version of commit 643b69e stored, by what each one is about (see `fixtures/README.md`). */
export function storedBefore(file: string): Readonly<Record<string, StoredDocument>> {
  const text = readFileSync(new URL(`fixtures/643b69e/${file}.json`, import.meta.url), 'utf8');
  return JSON.parse(text) as Readonly<Record<string, StoredDocument>>;
}
