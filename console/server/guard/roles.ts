import { canonicalEmail } from '../../../shared/core/model/email.ts';
import { ConfigError } from '../../../shared/config/config.ts';
import type { Role } from '../../api/roles.ts';

/** Who has which role: whoever is in no list has none. */
export interface RoleLists {
  readonly viewers: readonly string[];
  /** Everybody with an email of one of these domains is a viewer. */
  readonly viewerDomains: readonly string[];
  readonly operators: readonly string[];
  readonly admins: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads CONSOLE_VIEWERS, CONSOLE_OPERATORS and CONSOLE_ADMINS: emails with commas between them; for viewers also
 * `domain:example.com`. Throws ConfigError.
 */
export function readRoleLists(env: Environment): RoleLists {
  const viewers = listOf(env, 'CONSOLE_VIEWERS');
  const domains = viewers.filter((entry) => entry.startsWith('domain:'));
  const lists = {
    viewers: emails(
      'CONSOLE_VIEWERS',
      viewers.filter((entry) => !entry.startsWith('domain:')),
    ),
    viewerDomains: domains.map((entry) => entry.slice('domain:'.length).toLowerCase()),
    operators: emails('CONSOLE_OPERATORS', listOf(env, 'CONSOLE_OPERATORS')),
    admins: emails('CONSOLE_ADMINS', listOf(env, 'CONSOLE_ADMINS')),
  };
  if (lists.viewerDomains.some((domain) => !/^[a-z0-9.-]+\.[a-z]{2,}$/u.test(domain)))
    throw new ConfigError('CONSOLE_VIEWERS is wrong: write a domain as domain:example.com');
  return lists;
}

/** The highest role that the lists give; undefined: none. */
export function roleOf(email: string | undefined, lists: RoleLists): Role | undefined {
  const canonical = canonicalEmail(email);
  if (canonical === undefined) return undefined;
  if (lists.admins.includes(canonical)) return 'admin';
  if (lists.operators.includes(canonical)) return 'operator';
  const domain = canonical.slice(canonical.lastIndexOf('@') + 1);
  return lists.viewers.includes(canonical) || lists.viewerDomains.includes(domain) ? 'viewer' : undefined;
}

function listOf(env: Environment, name: string): readonly string[] {
  return (env[name] ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function emails(name: string, entries: readonly string[]): readonly string[] {
  return entries.map((entry) => {
    const email = canonicalEmail(entry);
    if (email === undefined) throw new ConfigError(`${name} is wrong: set it to emails with commas between them`);
    return email;
  });
}
