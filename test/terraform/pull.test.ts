import { expect, test } from 'vitest';
import { editMethods } from '../../shared/messages/audit-entry.ts';
import { read, stringsOf, valueOf } from './hcl.ts';

test('the log sink takes exactly the methods that the function understands', () => {
  const methods = stringsOf(valueOf(read('terraform/pull.tf'), 'edit_methods'));
  expect(methods.map((name) => `google.cloud.apigee.v1.Developers.${name}`).toSorted()).toEqual(editMethods.toSorted());
});
