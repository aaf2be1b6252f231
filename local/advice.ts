import type { Stack } from './stack.ts';

/** How to try things out, as commands to paste. */
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
  if (firestore === undefined) {
    return `  curl -X PATCH ${control ?? ''}/portal/ann -d '{"firstName":"Anna"}'`;
  }
  const { project, database, portal } = config;
  const document = `v1/projects/${project}/databases/${database}/documents/${portal.collection}/ann`;
  return `  curl -X PATCH 'http://${firestore}/${document}?updateMask.fieldPaths=firstName' \\
    -H 'authorization: Bearer owner' -d '{"fields":{"firstName":{"stringValue":"Anna"}}}'`;
}

function apigeeEdit({ config: { apigee } }: Stack): string {
  const developer = `{"email":"ben@example.com","userName":"ben@example.com","firstName":"Benjamin","lastName":"Baker"}`;
  return `  curl -X PUT '${apigee.endpoint}/v1/organizations/${apigee.org}/developers/ben@example.com' \\
    -H 'authorization: Bearer local' -H 'content-type: application/json' -d '${developer}'`;
}
