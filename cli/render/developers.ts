import type { App } from '../../shared/apigee/apps.ts';
import type { PersonAct } from '../../shared/operator/actions/person-act.ts';
import type { DeveloperRow } from '../../shared/operator/views/developers.ts';
import { syncStateWords } from '../../shared/operator/views/sync-state.ts';
import { counted, timeWords } from '../../shared/operator/words/quantities.ts';
import { personWords } from '../../shared/operator/words/results.ts';
import { safeText, shortText } from '../../shared/operator/words/safe-text.ts';
import { renderTable, type Layout } from './layout.ts';

/** Developers as a table. `more`: the limit left some out. */
export function renderDevelopers(rows: readonly DeveloperRow[], more: boolean, layout: Layout): string {
  if (rows.length === 0) return 'No developer is like that.\n';
  const cells = rows.map(({ developer, sync }) => {
    const { email, firstName, lastName, status, lastModifiedAt } = developer;
    const name = `${firstName ?? ''} ${lastName ?? ''}`.trim();
    return [
      shortText(email, 60),
      shortText(name, 40),
      safeText(status),
      syncStateWords(sync),
      timeWords(lastModifiedAt),
    ];
  });
  const table = renderTable(['email', 'name', 'status', 'portal', 'modified'], cells, layout);
  const last = more ? `\nThere are more: give a larger --limit, or say more of whom you look for.\n` : '';
  return `${table}\n\n${counted(rows.length, 'developer', 'developers')}\n${last}`;
}

/** The apps of one developer: of a key only its end, and never a secret. */
export function renderApps(apps: readonly App[]): string {
  if (apps.length === 0) return '';
  const lines = apps.flatMap(({ name, status, keys }) => [
    `  ${shortText(name, 60)}, ${safeText(status)}`,
    ...keys.map((key) => {
      const expiry = key.expiresAt === undefined ? 'never expires' : `expires ${timeWords(key.expiresAt)}`;
      const products = key.products.map((product) => `${shortText(product.name, 40)} (${safeText(product.status)})`);
      return `    key …${safeText(key.keyEnd)}, ${safeText(key.status)}, ${expiry}: ${products.join(', ')}`;
    }),
  ]);
  return `\nApps\n${lines.join('\n')}\n`;
}

/** What became of an action on one person. */
export function renderAct(key: string, done: PersonAct): string {
  const who = safeText(personWords(key));
  switch (done.kind) {
    case 'ended':
      return `${who}: ${done.words.join('; ')}\n`;
    case 'refused':
      return `${who}: nothing was done, ${done.words}\n`;
    case 'not-found':
      return `${who}: there is no such developer\n`;
    case 'not-reached':
      return `${who}: nothing was done, Apigee could not be asked: ${safeText(done.error.message)}\n`;
    case 'invalid':
      return `${done.problems.map(({ field, message }) => `${shortText(field, 80)} ${message}`).join('\n')}\n`;
    case 'conflict': {
      const fields = done.fields.map(({ side, field }) => `${side}:${shortText(field, 60)}`).join(', ');
      return `${who}: somebody else changed ${fields} meanwhile, and nothing was overwritten: try again\n`;
    }
  }
}

/** The same for scripts. */
export function toActJson(key: string, done: PersonAct): object {
  switch (done.kind) {
    case 'ended':
      return { person: key, state: done.state, actionId: done.actionId, words: done.words };
    case 'refused':
      return { person: key, state: 'refused', words: [done.words] };
    case 'not-found':
      return { person: key, state: 'not-found', words: [] };
    case 'not-reached':
      return { person: key, state: 'failed', words: [done.error.message] };
    case 'invalid':
      return { person: key, state: 'invalid', problems: done.problems, words: [] };
    case 'conflict':
      return {
        person: key,
        state: 'conflict',
        fields: done.fields.map(({ side, field }) => ({ side, field })),
        words: [],
      };
  }
}
