import { describe, expect, test } from 'vitest';
import type { ListPage } from '../../../shared/apigee/developers.ts';
import { createInMemoryDevelopers } from '../../../shared/apigee/in-memory.ts';
import { nextPage } from '../../../shared/apigee/listing.ts';
import { emailOf } from '../../support/crowd.ts';

describe('the next page of the listing', () => {
  test('is the first one where every developer of the tail is gone (rule 25)', async () => {
    const developers = createInMemoryDevelopers({ type: 'x', now: Date.now });
    developers.seed({ email: emailOf(1) }, { email: emailOf(2) });
    const gone = [emailOf(8), emailOf(9)];
    expect(await nextPage(developers, gone)).toEqual({
      kind: 'page',
      from: 'beginning',
      emails: [emailOf(1), emailOf(2)],
      isPaged: true,
    });
  });

  test('is not the first one where a developer of the tail is there, whatever the listing says of them (rule 25)', async () => {
    const developers = createInMemoryDevelopers({ type: 'x', now: Date.now });
    developers.seed({ email: emailOf(1) }, { email: emailOf(2) });
    const listEmails = (page: ListPage) => developers.listEmails({ ...page, startKey: page.startKey && emailOf(9) });
    expect(await nextPage({ ...developers, listEmails }, [emailOf(1), emailOf(2)])).toEqual({
      kind: 'failed',
      error: 'inconsistent',
    });
  });

  test('is the end where nobody is listed, which is asked twice (rules 25, 29)', async () => {
    const developers = createInMemoryDevelopers({ type: 'x', now: Date.now });
    expect(await nextPage(developers, [])).toEqual({ kind: 'end' });
    expect(developers.calls.list).toBe(2);
    developers.seed({ email: emailOf(1) });
    const listEmails = async () => ({ ok: true, value: [] }) as const;
    expect(await nextPage({ ...developers, listEmails }, [])).toEqual({ kind: 'failed', error: 'inconsistent' });
  });

  test('is an error where the last developers come behind themselves (rule 25)', async () => {
    const developers = createInMemoryDevelopers({ type: 'x', now: Date.now });
    const [one, two, three] = [emailOf(1), emailOf(2), emailOf(3)];
    const listEmails = async ({ startKey }: ListPage) => {
      return {
        ok: true,
        value: startKey === three ? [three, one] : startKey === one ? [one, two] : [two, three],
      } as const;
    };
    expect(await nextPage({ ...developers, listEmails }, [one, two, three])).toEqual({
      kind: 'failed',
      error: 'circle',
    });
  });
});
