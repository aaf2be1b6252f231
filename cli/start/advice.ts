import type { Stack } from '../../local/stack.ts';

/** Whether the sample's people are there to be edited, or nobody is. */
export type StartedWith = 'sample' | 'nobody';

/** How to try the stack out, as commands to paste. */
export function adviceFor(stack: Stack, startedWith: StartedWith): string {
  return `The local stack is up. The console, signed in:

  ${stack.console.signedIn}

Try a portal edit, which is pushed to Apigee at once, and one in Apigee, which is pulled to the
portal as soon as its audit log tells of it:

${portalEdit(stack, startedWith)}

${apigeeEdit(stack, startedWith)}

  npx devsync --local status
  npx devsync --local explain ann@example.com
  npx devsync --local sync

What the functions log is in .local/logs. Ctrl-C ends everything.
`;
}

/** Filled in by the shell as the command is pasted: an edit says when it was made (rule 4). */
const now = `'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'`;

/** Edits some fields and leaves the others; where nobody is there, creates somebody. */
function portalEdit({ firestore, config, control }: Stack, startedWith: StartedWith): string {
  const edited = { firstName: 'Anna', updatedAt: now };
  const user = startedWith === 'sample' ? edited : { email: 'ann@example.com', lastName: 'Archer', ...edited };
  if (firestore === undefined) {
    const method = startedWith === 'sample' ? 'PATCH' : 'PUT';
    return `  curl -X ${method} ${control ?? ''}/portal/ann -d '${JSON.stringify(user).replaceAll('\\"', '"')}'`;
  }
  const { project, database, portal } = config;
  const document = `v1/projects/${project}/databases/${database}/documents/${portal.collection}/ann`;
  const mask = Object.keys(user)
    .map((name) => `updateMask.fieldPaths=${name}`)
    .join('&');
  const fields = Object.fromEntries(
    Object.entries(user).map(([name, value]) => [
      name,
      name === 'updatedAt' ? { timestampValue: value } : { stringValue: value },
    ]),
  );
  return `  curl -X PATCH 'http://${firestore}/${document}?${mask}' \\
    -H 'authorization: Bearer owner' -d '${JSON.stringify({ fields }).replaceAll('\\"', '"')}'`;
}

/** A PUT replaces a whole developer: this one has no attributes and nothing else to lose. */
function apigeeEdit({ apigee: own, config: { apigee } }: Stack, startedWith: StartedWith): string {
  if (own === undefined)
    return `  (which creates ann@example.com there; and edit in Apigee as you always do: ${apigee.endpoint}, organisation ${apigee.org})`;
  const developers = `${apigee.endpoint}/v1/organizations/${apigee.org}/developers`;
  const call = startedWith === 'sample' ? `-X PUT '${developers}/ben@example.com'` : `-X POST '${developers}'`;
  const developer = `{"email":"ben@example.com","userName":"ben@example.com","firstName":"Benjamin","lastName":"Baker"}`;
  return `  curl ${call} \\
    -H 'authorization: Bearer local' -H 'content-type: application/json' -d '${developer}'`;
}
