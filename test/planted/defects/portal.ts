import type { PlantedDefect } from '../planted-defect.ts';

/** shared/portal and shared/config: how the portal's documents are read and written. */
export const portal: readonly PlantedDefect[] = [
  {
    name: 'A blank field of a portal document counts as something that is wrong',
    rules: [18],
    file: 'shared/portal/read-user.ts',
    find: `return isBlank ? { kind: 'missing' } : field;`,
    replace: `return isBlank && path[0] !== 'status' ? { kind: 'missing' } : field;`,
    caughtBy: ['test/shared/portal/read-user.test.ts', 'test/shared/sync/blank-texts.test.ts'],
  },
  {
    name: 'Anything written in the emailVerified field counts as verified',
    rules: [19],
    file: 'shared/portal/read-user.ts',
    find: `return field.kind === 'value' && field.value === true;`,
    replace: `return field.kind === 'value' && field.value !== false;`,
    caughtBy: ['test/shared/portal/read-user.test.ts'],
  },
  {
    name: 'Attributes of Apigee’s own portal are synchronised',
    rules: [13],
    file: 'shared/portal/attribute-selection.ts',
    find: `['MINT_', '_apiportal', '__apigee_reserved__']`,
    replace: `['MINT_', '__apigee_reserved__']`,
    caughtBy: ['test/shared/portal/mapping-config.test.ts'],
  },
  {
    name: 'A portal user created from Apigee is not asked to recover the password',
    rules: [6],
    file: 'shared/portal/write-user.ts',
    find: `set(mapping.passwordResetRequired, true);`,
    replace: `set(mapping.passwordResetRequired, false);`,
    caughtBy: ['test/shared/portal/write-user.test.ts'],
  },
  {
    name: 'An update writes the whole attribute map and wipes what it was not asked for',
    rules: [5, 13],
    file: 'shared/portal/write-user.ts',
    find: `[...attributes.path, name] :`,
    replace: `attributes.path :`,
    caughtBy: ['test/shared/portal/write-user.test.ts'],
  },
];
