import { expect, test } from 'vitest';
import { checkLink } from '../../../../shared/core/link-changes/check-link.ts';
import { undone } from '../../../../shared/core/link-changes/undone.ts';
import { newLink } from '../../../../shared/core/model/link.ts';
import { ann, developerOf, policyOf, userOf } from '../world.ts';

test('a portal user who is left by an undo, and had only claimed the email, is no rival of their own link', () => {
  const link = { ...newLink(ann), presence: 'apigee', rivals: ['doc-ann', 'doc-eve'] } as const;
  const subject = {
    key: ann,
    portal: { kind: 'user', user: userOf(), email: ann },
    developer: { kind: 'developer', developer: developerOf() },
    link,
    rivals: ['doc-ann', 'doc-eve'],
    renameTarget: 'free',
  } as const;
  const plan = { apigee: [], restored: [], end: { kind: 'removed', side: 'apigee' } } as const;
  const after = undone(link, subject, plan, undefined, policyOf(), 5);
  expect(after).toMatchObject({ presence: 'portal', userId: 'doc-ann', rivals: ['doc-eve'] });
  expect(checkLink(after)).toEqual([]);
});
