import type { App, Apps } from './apps.ts';
import type { Developers } from './developers.ts';
import { canBeNamed, unusableEmail } from './refusals.ts';

/** `Apps` in memory, of developers in memory. */
export interface InMemoryApps extends Apps {
  /** Gives a developer these apps, and no others. */
  seed(email: string, apps: readonly App[]): void;
}

export function createInMemoryApps(developers: Pick<Developers, 'get' | 'listDevelopers'>): InMemoryApps {
  const byEmail = new Map<string, readonly App[]>();
  return {
    async of(email) {
      if (!canBeNamed(email)) return unusableEmail('get');
      const found = await developers.get(email);
      if (!found.ok) return found;
      return { ok: true, value: found.value && (byEmail.get(email) ?? []) };
    },
    async listed(page) {
      const listed = await developers.listDevelopers(page);
      if (!listed.ok) return listed;
      const namesOf = (email: string): readonly string[] => (byEmail.get(email) ?? []).map(({ name }) => name);
      const found = listed.value.developers.map((developer) => ({ developer, apps: namesOf(developer.email) }));
      return { ok: true, value: { emails: listed.value.emails, developers: found } };
    },
    seed: (email, apps) => void byEmail.set(email, apps),
  };
}
