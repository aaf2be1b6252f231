import { expect, test } from 'vitest';
import { settle } from '../../../../shared/core/link-changes/settled.ts';
import type { CanonicalEmail } from '../../../../shared/core/model/email.ts';
import type { Decision } from '../../../../shared/core/model/decision.ts';
import { newLink, type Link } from '../../../../shared/core/model/link.ts';
import { ann, policyOf, profileOf, subjectOf, userOf } from '../world.ts';

const anne = 'anne@example.com' as CanonicalEmail;
const base = { portal: profileOf(), developer: profileOf(), mapping: 'm1' };
const link: Link = {
  ...newLink(ann),
  presence: 'both',
  userId: 'doc-ann',
  developer: { email: ann, developerId: 'dev-1', modifiedAt: 1000 },
  base,
};

const moves: Decision = {
  situation: 'renamed',
  outcome: 'updated-apigee',
  reason: 'the portal user has another email',
  fields: [],
  lost: [],
  apigee: [],
  portal: undefined,
  destructive: false,
  end: { kind: 'moved', to: anne },
};

test.each([
  ['the same portal user takes the base along, where the developer was not found', 'doc-ann', base],
  ['another portal user does not take what the former one had (rule 10)', 'doc-other', undefined],
])('a link that moves to another email: %s', (_, id, expected) => {
  const subject = subjectOf({ portal: userOf({}, { id, email: anne }), developer: undefined, link, now: 2000 });
  const after = { portal: { id, profile: profileOf() }, developer: undefined };
  expect(settle(subject, moves, after, policyOf(), 2000).movedTo).toMatchObject({ key: anne, userId: id });
  expect(settle(subject, moves, after, policyOf(), 2000).movedTo?.base).toEqual(expected);
});
