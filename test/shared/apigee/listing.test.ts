import { describe, expect, test } from 'vitest';
import { createInMemoryDevelopers } from '../../../shared/apigee/in-memory.ts';
import { nextPage } from '../../../shared/apigee/listing.ts';
import { emailOf } from '../../support/crowd.ts';

describe('the next page of the listing', () => {
  test('is the first one where every developer of the tail is gone (rule 25)', async () => {
    const developers = createInMemoryDevelopers({ type: 'x', now: Date.now });
    developers.seed({ email: emailOf(1) }, { email: emailOf(2) });
    const gone = [emailOf(8), emailOf(9)];
    expect(await nextPage(developers, gone)).toEqual({ kind: 'page', emails: [emailOf(1), emailOf(2)] });
  });
});
