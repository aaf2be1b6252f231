import { zipSync, type Zippable } from 'fflate';

/** The earliest a zip can say, in local time because zips know no other: the same bytes in every time zone. */
const mtime = new Date(1980, 0, 1);
const unix = 3;
const regularFile = 0o100644;

/** Contents by path within the archive, with `/`. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** A zip that depends on nothing but its files: neither on the clock, nor the machine, nor the order they are given in. */
export function zip(files: Files): Uint8Array {
  const entries: Zippable = {};
  for (const [path, content] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    entries[path] = [content, { mtime, os: unix, attrs: regularFile << 16, level: 9 }];
  }
  return zipSync(entries);
}
