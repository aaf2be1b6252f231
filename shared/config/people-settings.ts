import { readFileSync } from 'node:fs';
import { RE2JS } from 're2js';
import { mappedPaths, parseMapping, defaultMapping } from '../portal/mapping-config.ts';
import { parseMailTemplate, type MailTemplate } from '../portal/mail.ts';
import type { PortalMapping } from '../portal/mapping.ts';
import { isMet, parseSelection, type Selection } from '../portal/selection.ts';
import { documentFor } from '../portal/write-user.ts';

/** PORTAL_FILTER: matches in a time that grows with the email only, whatever the pattern. */
export interface EmailFilter {
  readonly source: string;
  test(email: string): boolean;
}

/** Calls `complain` with a sentence, or several lines of them, for a setting that is wrong. */
export type Complain = (message: string) => void;

/** PORTAL_MAPPING, which may be `@` and the name of a file. */
export function mappingFrom(value: string | undefined, complain: Complain): PortalMapping {
  if (value === undefined) return defaultMapping;
  try {
    return parseMapping(value.startsWith('@') ? readFileSync(value.slice(1), 'utf8') : value);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    complain(message.includes('PORTAL_MAPPING') ? message : `PORTAL_MAPPING: ${message}`);
    return defaultMapping;
  }
}

export function filterFrom(value: string | undefined, complain: Complain): EmailFilter | undefined {
  if (value === undefined) return undefined;
  try {
    const pattern = RE2JS.compile(value);
    return { source: value, test: (email) => pattern.matcher(email).find() };
  } catch {
    complain(
      'PORTAL_FILTER is wrong: set it to a regular expression such as @example\\.com$, without lookaround and back-references',
    );
    return undefined;
  }
}

/** PORTAL_SELECT. A portal user who is made from a developer has to be selected, or would never be looked at again. */
export function selectionFrom(
  value: string | undefined,
  mapping: PortalMapping,
  complain: Complain,
): Selection | undefined {
  if (value === undefined) return undefined;
  let selection: Selection;
  try {
    selection = parseSelection(value);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return undefined;
  }
  if (
    !isMet(
      documentFor(somebody, mapping),
      selection,
      mappedPaths(mapping).map(([, path]) => path),
    )
  )
    complain(
      'PORTAL_SELECT does not select a portal user who is made from a developer: say in PORTAL_MAPPING what such a user holds, such as "onCreate": {"role": "developer"}',
    );
  return selection;
}

const somebody = {
  email: 'someone@example.com',
  userName: 'someone',
  firstName: 'Some',
  lastName: 'One',
  status: 'active',
  attributes: new Map<string, string>(),
  passwordHash: 'none',
  createdAt: 1_700_000_000_000,
} as const;

/** MAIL_COLLECTION and MAIL_TEMPLATE, which may be `@` and the name of a file. */
export function mailFrom(
  given: Readonly<Record<string, string | undefined>>,
  complain: Complain,
): { readonly collection: string; readonly template: MailTemplate } | undefined {
  const { MAIL_COLLECTION: collection, MAIL_TEMPLATE: value, PORTAL_COLLECTION: users = 'portalUsers' } = given;
  if (collection === undefined && value === undefined) return undefined;
  if (collection === undefined || value === undefined) {
    complain('MAIL_COLLECTION and MAIL_TEMPLATE go together: set both, or neither');
    return undefined;
  }
  if (collection === users)
    complain('MAIL_COLLECTION is wrong: set it to another collection than that of the portal users');
  try {
    return {
      collection,
      template: parseMailTemplate(value.startsWith('@') ? readFileSync(value.slice(1), 'utf8') : value),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    complain(message.includes('MAIL_TEMPLATE') ? message : `MAIL_TEMPLATE: ${message}`);
    return undefined;
  }
}
