import { expect, test } from 'vitest';
import { readDeployment } from '../../../console/server/deployment.ts';

const audience = '/projects/123/locations/europe-west1/services/console';

test('the deployed console does not start without an IAP audience, whatever else is set', () => {
  for (const wrong of [undefined, '', 'console', '/projects'])
    expect(() => readDeployment({ CONSOLE_IAP_AUDIENCE: wrong, CONSOLE_ADMINS: 'ada@example.org' })).toThrow(
      'CONSOLE_IAP_AUDIENCE is not set, or wrong',
    );
});

test('nobody has a role, nothing is edited and no schedule is shown unless it is said', () => {
  expect(readDeployment({ CONSOLE_IAP_AUDIENCE: audience })).toMatchObject({
    port: 8080,
    audience,
    roles: { viewers: [], viewerDomains: [], operators: [], admins: [] },
    editDevelopers: false,
    location: undefined,
    page: 'page',
  });
  expect(() => readDeployment({ CONSOLE_IAP_AUDIENCE: audience, CONSOLE_EDIT_DEVELOPERS: 'yes' })).toThrow(
    'true or false',
  );
  expect(() => readDeployment({ CONSOLE_IAP_AUDIENCE: audience, PORT: 'http' })).toThrow('PORT is wrong');
});
