import { expect, test } from 'vitest';
import type { Decision } from '../../../shared/core/model/decision.ts';
import { newLink } from '../../../shared/core/model/link.ts';
import { keeperOf } from '../../../shared/sync/keep-change.ts';
import { ann, developerOf, policyOf, profileOf, subjectOf, userOf } from '../core/world.ts';

const policy = policyOf();
const deps = { by: { kind: 'push' }, now: () => 1000, newId: () => 'id', policy } as const;
/** Names a portal user and a developer who are gone. */
const link = {
  ...newLink(ann),
  userId: 'gone',
  developer: { email: ann, developerId: 'gone', modifiedAt: 1 },
};
const common: Omit<Decision, 'apigee' | 'portal'> = {
  situation: 'developer-deleted',
  outcome: 'created-apigee',
  reason: 'they are created again',
  fields: [],
  lost: [],
  destructive: false,
  end: { kind: 'in-step', hold: undefined },
};

test('who is created again is kept under the new id, on either side (rule 34)', () => {
  const developer = developerOf({}, { developerId: 'new' });
  const { email, userName, attributes, others } = developer;
  const body = { email, userName: userName ?? email, firstName: 'Ann', lastName: 'Lee', attributes, others };
  const ofUser = subjectOf({ portal: userOf(), developer: undefined, link, now: 1000 });
  const create = { kind: 'create', developer: body } as const;
  expect(keeperOf(deps, ofUser, developer)({ ...common, apigee: [create], portal: undefined })).toMatchObject([
    { acts: { apigee: 'created' }, developerId: 'new', userId: userOf().id },
  ]);

  const ofDeveloper = subjectOf({ portal: undefined, developer, link, now: 1000 });
  const { firstName, lastName, attributes: copied } = profileOf();
  const user = { email: ann, userName: ann, firstName, lastName, status: 'active', attributes: copied } as const;
  const portal = { kind: 'create', user } as const;
  expect(keeperOf(deps, ofDeveloper, developer)({ ...common, apigee: [], portal }, 'made')).toMatchObject([
    { acts: { portal: 'created' }, developerId: 'new', userId: 'made' },
  ]);
});
