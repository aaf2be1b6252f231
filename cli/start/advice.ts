import type { Stack } from '../../local/stack.ts';

/** How to try the stack out, as commands to paste. */
export function adviceFor(stack: Stack): string {
  return `The local stack is up. Try a portal edit, and one in Apigee:

${portalEdit(stack)}

${apigeeEdit(stack)}

  npx devsync --local status
  npx devsync --local explain ann@example.com
  npx devsync --local sync

What the functions log is in .local/logs. Ctrl-C ends everything.
`;
}

function portalEdit({ firestore, config, control }: Stack): string {
  const user = { email: 'ann@example.com', firstName: 'Anna', lastName: 'Archer' };
  if (firestore === undefined) return `  curl -X PUT ${control ?? ''}/portal/ann -d '${JSON.stringify(user)}'`;
  const { project, database, portal } = config;
  const names = Object.keys(user);
  const document = `v1/projects/${project}/databases/${database}/documents/${portal.collection}/ann`;
  const mask = names.map((name) => `updateMask.fieldPaths=${name}`).join('&');
  const fields = Object.fromEntries(Object.entries(user).map(([name, stringValue]) => [name, { stringValue }]));
  return `  curl -X PATCH 'http://${firestore}/${document}?${mask}' \\
    -H 'authorization: Bearer owner' -d '${JSON.stringify({ fields })}'`;
}

function apigeeEdit({ apigee: own, config: { apigee } }: Stack): string {
  if (own === undefined) return `  (in Apigee as you always do: ${apigee.endpoint}, organisation ${apigee.org})`;
  const developer = `{"email":"ben@example.com","userName":"ben@example.com","firstName":"Benjamin","lastName":"Baker"}`;
  return `  curl -X PUT '${apigee.endpoint}/v1/organizations/${apigee.org}/developers/ben@example.com' \\
    -H 'authorization: Bearer local' -H 'content-type: application/json' -d '${developer}'`;
}
