import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

export interface WebFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly caching: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

/** Vite puts a hash of the content into the name: such a file never changes. */
const hashed = /-[\w-]{8,}\.\w+$/u;

/**
 * The file of the web build for a path: the page itself for every address that is none of a file, since the addresses
 * within the console are the browser's. Undefined where there is no such file, or no build.
 */
export async function webFile(folder: string, path: string): Promise<WebFile | undefined> {
  const extension = extname(path);
  const wanted = extension === '' ? '/index.html' : path;
  const place = normalize(join(folder, wanted));
  if (!place.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)) return undefined;
  const type = types[extname(place)];
  if (type === undefined) return undefined;
  try {
    if (!(await stat(place)).isFile()) return undefined;
    const body = new Uint8Array(await readFile(place));
    const caching = hashed.test(place) ? 'public, max-age=31536000, immutable' : 'no-cache';
    return { body, type, caching };
  } catch {
    return undefined;
  }
}
