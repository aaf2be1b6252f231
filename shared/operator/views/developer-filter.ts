import type { Developer } from '../../core/model/profile.ts';
import type { SyncState } from './sync-state.ts';

/** Whom a scan or an export shows: everyone who is like all that is given. */
export interface DeveloperFilter {
  /** Part of the email, the user name or the names, in any case; or `attribute=value`, exactly. */
  readonly query?: string | undefined;
  /** Part of an app's name, in any case. */
  readonly app?: string | undefined;
  readonly status?: string | undefined;
  readonly sync?: SyncState | undefined;
}

/** Whether the developer is like everything in the filter but `sync`, which only the link tells. */
export function matches(
  { developer, apps }: { readonly developer: Developer; readonly apps: readonly string[] | undefined },
  { query, app, status }: DeveloperFilter,
): boolean {
  if (status !== undefined && developer.status !== status) return false;
  if (isGiven(app) && !apps?.some((name) => holds(name, app))) return false;
  if (!isGiven(query)) return true;
  const { email, userName, firstName, lastName, attributes } = developer;
  const equals = query.indexOf('=');
  const attribute = equals > 0 ? attributes.get(query.slice(0, equals).trim()) : undefined;
  if (attribute !== undefined && attribute === query.slice(equals + 1).trim()) return true;
  const fullName = `${firstName ?? ''} ${lastName ?? ''}`;
  return [email, userName ?? '', fullName].some((text) => holds(text, query));
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '';
}

function holds(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.trim().toLowerCase());
}
