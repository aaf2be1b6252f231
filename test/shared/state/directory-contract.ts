import { describe, expect, test, type TestContext } from 'vitest';
import { linkId } from '../../../shared/core/model/email.ts';
import type { Directory } from '../../../shared/state/directory.ts';
import type { People } from '../../../shared/state/people.ts';
import { email, linkOf } from './samples.ts';

/** Both on the test's own, empty store. */
export interface DirectorySubject {
  readonly directory: Directory;
  readonly people: People;
}

/** What every implementation of `Directory` has to do. */
export function directoryContract(open: (context: TestContext) => DirectorySubject): void {
  describe('directory', () => {
    const put = async ({ people }: DirectorySubject, ...keys: readonly string[]): Promise<void> => {
      const links = keys.map((key) => linkOf(key.startsWith('#') ? `#${key.slice(1)}` : email(key)));
      await people.transact({ links: [], userIds: [] }, () => ({ result: undefined, links }));
    };

    test('a link is found by the id that stands for the person', async (context) => {
      const subject = open(context);
      await put(subject, 'ann@example.com');
      const id = linkId(email('ann@example.com'));
      expect((await subject.directory.link(id))?.link.key).toBe('ann@example.com');
      expect(await subject.directory.link('0'.repeat(64))).toBeUndefined();
      expect(await subject.directory.link('no/id')).toBeUndefined();
    });

    test('links are found by the beginning of their key, in order, by pages', async (context) => {
      const subject = open(context);
      await put(
        subject,
        'ann@example.com',
        'anna@example.com',
        'an@example.com',
        'bob@example.com',
        '#ann',
        'ännchen@example.com',
      );
      const find = async (prefix: string, after?: string, limit = 10) =>
        (await subject.directory.keysBeginningWith(prefix, { after, limit })).map(({ link }) => link.key);
      expect(await find('ann')).toEqual(['ann@example.com', 'anna@example.com']);
      expect(await find('an', undefined, 2)).toEqual(['an@example.com', 'ann@example.com']);
      expect(await find('an', 'ann@example.com')).toEqual(['anna@example.com']);
      expect(await find('#')).toEqual(['#ann']);
      expect(await find('än')).toEqual(['ännchen@example.com']);
      expect(await find('zoe')).toEqual([]);
    });
  });
}
