import type { DeveloperBody, Developers } from './developers.ts';
import type { Developer } from '../core/model/profile.ts';

/** `Developers` for a dry run: reads are made, writes are not, and every write is answered as if it had been made. */
export function dryDevelopers(real: Developers, now: () => number): Developers {
  const made = (developer: DeveloperBody, before: Developer | undefined): Developer => ({
    ...developer,
    developerId: before?.developerId ?? 'not-created',
    status: before?.status ?? 'active',
    createdAt: before?.createdAt ?? now(),
    lastModifiedAt: now(),
  });
  return {
    listEmails: (page) => real.listEmails(page),
    listDevelopers: (page) => real.listDevelopers(page),
    get: (email, turn) => real.get(email, turn),
    create: async (developer) => ({ ok: true, value: made(developer, undefined) }),
    async update(email, developer) {
      const before = await real.get(email);
      return before.ok ? { ok: true, value: made(developer, before.value) } : before;
    },
    setStatus: async () => ({ ok: true, value: undefined }),
    delete: async () => ({ ok: true, value: undefined }),
  };
}
