import type { IdRange } from './people.ts';

/** Orders ids as Firestore does: by their UTF-8 bytes, which is by code point and not by UTF-16 unit. */
export function compareIds(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above every other unit. */
function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

export function inRange(id: string, { after, through }: IdRange): boolean {
  return (after === undefined || compareIds(id, after) > 0) && (through === undefined || compareIds(id, through) <= 0);
}

/** Whether no id can lie in the range: then Firestore is not asked. */
export function isEmptyRange({ after, through }: IdRange): boolean {
  return after !== undefined && through !== undefined && compareIds(after, through) >= 0;
}

/** Whether a document of this id can exist. Documents that came from Datastore have ids like `__id7__`. */
export function isDocumentId(id: string): boolean {
  if (id === '' || id === '.' || id === '..' || id.includes('/') || !id.isWellFormed()) return false;
  if (/^__.*__$/su.test(id) && !/^__id\d+__$/u.test(id)) return false;
  return Buffer.byteLength(id) <= 1500;
}
