import { z } from 'zod';

/**
 * MAIL_TEMPLATE: what a person is told whom Apigee brought to the portal. `name`: of a template that the mail extension has;
 * otherwise the text itself, in which `{{email}}`, `{{userName}}`, `{{userId}}` and `{{recoveryUrl}}` are filled in.
 */
export interface MailTemplate {
  readonly name?: string | undefined;
  readonly subject?: string | undefined;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  /** Where a password is chosen. */
  readonly recoveryUrl?: string | undefined;
  /** Whether everybody of a first load is told, too. */
  readonly firstLoad: boolean;
}

export interface Recipient {
  readonly email: string;
  readonly userName: string;
  readonly userId: string;
}

const names = ['email', 'userName', 'userId', 'recoveryUrl'] as const;
type Name = (typeof names)[number];

const text = z.string().min(1).max(20_000);
const template = z.strictObject({
  name: text.max(200).optional(),
  subject: text.max(500).optional(),
  text: text.optional(),
  html: text.optional(),
  recoveryUrl: z.url({ protocol: /^https?$/ }).optional(),
  firstLoad: z.boolean().default(false),
});

/** Throws an Error whose message says what to set. */
export function parseMailTemplate(json: string): MailTemplate {
  const example =
    '{"subject": "Your account", "text": "Choose a password: {{recoveryUrl}}", "recoveryUrl": "https://…"}';
  const wrong = (what: string): Error => new Error(`MAIL_TEMPLATE ${what}, for example: ${example}`);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw wrong('is no JSON: set it to an object');
  }
  const parsed = template.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(`is wrong at ${issue?.path.join('.') || 'its top'}: set it to an object`);
  }
  const { data } = parsed;
  const written = [data.subject, data.text, data.html].filter((part) => part !== undefined);
  const isOwn = data.subject !== undefined && written.length > 1;
  if (data.name === undefined ? !isOwn : written.length > 0)
    throw wrong('has to have either a "name", or a "subject" with a "text" or "html"');
  const used = written.flatMap((part) => [...part.matchAll(placeholder)].map(([, name = '']) => name));
  const unknown = used.find((name) => !names.some((known) => known === name));
  if (unknown !== undefined)
    throw wrong(`has {{${unknown}}}: there are ${names.map((name) => `{{${name}}}`).join(', ')}`);
  if (used.includes('recoveryUrl') && data.recoveryUrl === undefined)
    throw wrong('has {{recoveryUrl}} and no "recoveryUrl"');
  return data;
}

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** A document in the shape of Firebase's "Trigger Email" extension, which sends it. */
export function mailFor(mail: MailTemplate, recipient: Recipient): Readonly<Record<string, unknown>> {
  const { recoveryUrl } = mail;
  const data = { ...recipient, ...(recoveryUrl === undefined ? {} : { recoveryUrl }) };
  const to = [recipient.email];
  if (mail.name !== undefined) return { to, template: { name: mail.name, data } };
  const filled = (part: string, escape: (value: string) => string): string =>
    part.replaceAll(placeholder, (_, name: Name) => escape(data[name] ?? ''));
  const asItIs = (value: string): string => value;
  return {
    to,
    message: {
      // A line feed in a subject would begin another header.
      subject: filled(mail.subject ?? '', (value) => value.replaceAll(/[\r\n]+/g, ' ')),
      ...(mail.text === undefined ? {} : { text: filled(mail.text, asItIs) }),
      ...(mail.html === undefined ? {} : { html: filled(mail.html, escapedHtml) }),
    },
  };
}

function escapedHtml(value: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return value.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
