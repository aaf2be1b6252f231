import { describe, expect, test } from 'vitest';
import { safeText, shortText } from '../../../../shared/operator/words/safe-text.ts';

describe('text for a terminal', () => {
  test('control characters are spelt out, everything readable stays', () => {
    expect(safeText('a\u001b[2Jb\u202ec\u2028d\ud800')).toBe('a\\u{1b}[2Jb\\u{202e}c\\u{2028}d\ufffd');
    expect(safeText('Zoë 日本語 👨‍👩‍👧 می‌خواهم')).toBe('Zoë 日本語 👨‍👩‍👧 می‌خواهم');
  });

  test('long text is cut between characters', () => {
    expect(shortText('abc', 3)).toBe('abc');
    expect(shortText('abcd', 3)).toBe('ab…');
    expect(shortText('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 3)).toBe('👨‍👩‍👧👨‍👩‍👧…');
    expect(shortText('🙂'.repeat(1000), 2)).toBe('🙂…');
  });
});
