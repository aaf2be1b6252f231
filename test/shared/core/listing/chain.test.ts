import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chainOf, type Range, type RangeEnd } from '../../../../shared/core/listing/chain.ts';

const closed = (next?: string): RangeEnd => ({ kind: 'closed', next });
const range = (from: string | undefined, end: RangeEnd): Range => ({ from, end });

describe('ranges of a listing prove that nobody is left out (rule 16)', () => {
  test('where each leads to the next, in whatever order they are given', () => {
    const [first, second, third] = [range(undefined, closed('b')), range('b', closed('c')), range('c', closed())];
    expect(chainOf([third, first, second])).toEqual([first, second, third]);
  });

  test('where a range whose first developer is gone is bridged by the one before', () => {
    const [first, gone, third] = [
      range(undefined, closed('c')),
      range('b', { kind: 'vanished' }),
      range('c', closed()),
    ];
    expect(chainOf([first, gone, third])).toEqual([first, third]);
  });

  test.each<[string, readonly Range[]]>([
    ['none is there', []],
    ['the beginning is missing', [range('b', closed())]],
    ['one of them met neither a beginning nor the end', [range(undefined, closed('b')), range('b', { kind: 'open' })]],
    [
      'one leads to a range whose first developer is gone',
      [range(undefined, closed('b')), range('b', { kind: 'vanished' })],
    ],
    ['one leads to nowhere', [range(undefined, closed('x')), range('b', closed())]],
    ['they lead in a circle', [range(undefined, closed('b')), range('b', closed('c')), range('c', closed('b'))]],
  ])('not where %s', (_, ranges) => {
    expect(chainOf(ranges)).toBeUndefined();
  });

  test('of any listing, in any order and with any beginnings gone, or else they prove nothing', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 40 }),
        fc.uniqueArray(fc.nat(60), { maxLength: 10 }),
        fc.integer({ min: 1, max: 50 }),
        (listing, beginnings, reach) => {
          const starts = [undefined, ...beginnings];
          const ranges = starts.map((from) => listed(listing, from, new Set(beginnings), reach));
          const chain = chainOf(ranges.map(({ shown: _, ...one }) => one));
          const shown = chain?.flatMap(({ from }) => ranges.find((one) => one.from === from)?.shown ?? []);
          if (shown !== undefined) expect(shown).toEqual(listing);
          else expect(ranges.some(({ end }) => end.kind === 'open')).toBe(true);
        },
      ),
    );
  });
});

/** The range from one person of a listing on, as far as a page reaches. */
function listed(listing: readonly number[], from: number | undefined, beginnings: ReadonlySet<number>, reach: number) {
  const place = from === undefined ? 0 : listing.indexOf(from);
  if (place < 0) return { from: String(from), end: { kind: 'vanished' } as const, shown: [] };
  const behind = listing.slice(place);
  const cut = behind.findIndex((one, index) => beginnings.has(one) && (index > 0 || from === undefined));
  const shown = cut < 0 ? behind : behind.slice(0, cut);
  const end: RangeEnd = shown.length > reach ? { kind: 'open' } : closed(cut < 0 ? undefined : String(behind[cut]));
  return { from: from === undefined ? undefined : String(from), end, shown };
}
