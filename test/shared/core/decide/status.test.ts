import { expect, test } from 'vitest';
import { decide } from '../../../../shared/core/decide/decide.ts';
import { newLink } from '../../../../shared/core/model/link.ts';
import { ann, developerOf, policyOf, subjectOf, userOf } from '../world.ts';

const active = { status: 'active' };
const inactive = { status: 'inactive' };

test.each([
  ['active', 'inactive', active, inactive],
  ['inactive', 'active', inactive, active],
])('a first contact copies no status: %s on the portal, %s in Apigee (rules 5, 14)', (_, __, portal, developer) => {
  for (const link of [undefined, { ...newLink(ann), presence: 'both', userId: 'doc-ann' } as const]) {
    const world = { portal: userOf(portal), developer: developerOf(developer), link, now: 10_000 };
    const decision = decide(subjectOf(world), policyOf());
    expect(decision).toMatchObject({ situation: 'first-contact', outcome: 'unchanged', apigee: [], portal: undefined });
  }
});
