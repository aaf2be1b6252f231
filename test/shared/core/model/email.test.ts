import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canonicalEmail,
  formerCanonicalEmail,
  hasAccents,
  type PersonKey,
} from '../../../../shared/core/model/email.ts';

describe('the canonical form of an email (rule 31)', () => {
  test.each([
    [' Ann@Example.COM\n', 'ann@example.com'],
    ['JOSÉ@example.com', 'josé@example.com'],
    ['jose\u0301@example.com', 'josé@example.com'],
    ['МАРИЯ@пример.рф', 'мария@пример.рф'],
    ['ann@例え.jp', 'ann@例え.jp'],
  ])('of %j is %j', (raw, canonical) => {
    expect(canonicalEmail(raw)).toBe(canonical);
  });

  test.each([
    ['the sign for kelvin', '\u212Aim@example.com'],
    ['the sign for angstrom, which is no look-alike, with one', '\u212B\u212A@example.com'],
    ['a long s', 'ro\u017Fa@example.com'],
    ['a capital i with a dot', '\u0130da@example.com'],
    ['a fullwidth letter', '\uFF41da@example.com'],
    ['a fullwidth full stop', 'ada@example\uFF0Ecom'],
    ['a ligature', '\uFB01@example.com'],
    ['a sharp s, which is SS in capitals', 'wei\u00DF@example.com'],
    ['a capital sharp s', 'wei\u1E9E@example.com'],
    ['a Greek question mark', 'a\u037Eb@example.com'],
    ['a space without width', 'a\u200Bda@example.com'],
    ['a word joiner', 'ada\u2060@example.com'],
    ['a soft hyphen', 'a\u00ADda@example.com'],
    ['a combining grapheme joiner', 'a\u034Fda@example.com'],
    ['a mark that turns the direction', 'ada\u202E@example.com'],
    ['a tag', 'ada\u{E0061}@example.com'],
    ['a control character', 'a\u0085da@example.com'],
    ['half a surrogate', 'a\uD800da@example.com'],
    ['two signs', 'ann@example@com'],
    ['nothing', ''],
  ])('there is none of %s', (_, raw) => {
    expect(canonicalEmail(raw)).toBeUndefined();
  });

  test('is its own canonical form, and in ASCII only where the email was', () => {
    const local = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(local, local, (name, domain) => {
        const raw = `${name}@${domain}`;
        const canonical = canonicalEmail(raw);
        if (canonical === undefined) return;
        expect(canonicalEmail(canonical)).toBe(canonical);
        expect(canonical).toBe(canonical.normalize('NFC'));
        if (/^\p{ASCII}*$/u.test(canonical)) expect(raw.trim()).toMatch(/^\p{ASCII}*$/u);
        for (const written of [raw.normalize('NFD'), raw.normalize('NFC'), `\t${raw} `])
          if (canonicalEmail(written) !== undefined) expect(canonicalEmail(written)).toBe(canonical);
      }),
      { numRuns: 5000 },
    );
  });

  test('every single character outside ASCII keeps outside it, whatever is done to it', () => {
    for (let code = 0x80; code < 0x11_0000; code += 1) {
      const canonical = canonicalEmail(`a${String.fromCodePoint(code)}@example.com`);
      if (canonical === undefined) continue;
      if (/^\p{ASCII}*$/u.test(canonical) || canonicalEmail(canonical) !== canonical)
        throw new Error(`U+${code.toString(16)} becomes ${canonical}`);
    }
  });

  test('an email in ASCII is as it was in every version', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, domain) => {
        expect(canonicalEmail(`${name}@${domain}`)).toBe(formerCanonicalEmail(`${name}@${domain}`));
      }),
    );
  });

  test.each([
    ['ann@example.com', false],
    ['josé@example.com', true],
    ['мария@пример.рф', false],
  ])('%s may be written in two ways: %s', (email, isSo) => {
    expect(hasAccents(email as PersonKey)).toBe(isSo);
  });
});
