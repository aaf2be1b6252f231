import { describe, expect, test } from 'vitest';
import { mailFor, parseMailTemplate } from '../../../shared/portal/mail.ts';

const ann = { email: 'ann@example.com', userName: 'ann', userId: 'user-1' };
const parse = (value: unknown) => parseMailTemplate(JSON.stringify(value));

describe('a mail to somebody whom Apigee brought', () => {
  test('is a document that the extension sends, by a template of its own', () => {
    expect(mailFor(parse({ name: 'welcome', recoveryUrl: 'https://portal.example.com/reset' }), ann)).toEqual({
      to: ['ann@example.com'],
      template: { name: 'welcome', data: { ...ann, recoveryUrl: 'https://portal.example.com/reset' } },
    });
  });

  test('or with our own text, in which a value cannot begin another header or a tag', () => {
    const template = parse({
      subject: 'Welcome {{userName}}',
      text: '{{ email }}: {{recoveryUrl}}',
      html: '<b>{{userName}}</b>',
      recoveryUrl: 'https://portal.example.com/reset',
    });
    const hostile = { ...ann, userName: 'a\r\nBcc: all@example.com<script>&"' };
    expect(mailFor(template, hostile)).toEqual({
      to: ['ann@example.com'],
      message: {
        subject: 'Welcome a Bcc: all@example.com<script>&"',
        text: 'ann@example.com: https://portal.example.com/reset',
        html: '<b>a\r\nBcc: all@example.com&lt;script&gt;&amp;&quot;</b>',
      },
    });
  });

  test('whose value looks like a placeholder is not filled in again', () => {
    const template = parse({ subject: 's', text: '{{userName}}' });
    expect(mailFor(template, { ...ann, userName: '{{userId}}$&' })).toMatchObject({
      message: { text: '{{userId}}$&' },
    });
  });

  test.each([
    ['no JSON', '{', 'is no JSON'],
    ['a list', '[]', 'is wrong at its top'],
    ['a member that is not known', '{"name":"x","from":"y"}', 'is wrong at its top'],
    ['an address that is none', '{"name":"x","recoveryUrl":"reset"}', 'is wrong at recoveryUrl'],
    ['neither', '{}', 'either a "name"'],
    ['both', '{"name":"x","subject":"y","text":"z"}', 'either a "name"'],
    ['a subject alone', '{"subject":"y"}', 'either a "name"'],
    ['a placeholder that is not known', '{"subject":"y","text":"{{password}}"}', '{{password}}'],
    ['an address that is not given', '{"subject":"y","text":"{{recoveryUrl}}"}', 'no "recoveryUrl"'],
  ])('%s is refused with an example', (_, json, message) => {
    expect(() => parseMailTemplate(json)).toThrow(message);
    expect(() => parseMailTemplate(json)).toThrow('for example: {"subject"');
  });
});
