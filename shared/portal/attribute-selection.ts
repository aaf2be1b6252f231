import type { AttributeMapping, Direction } from './mapping.ts';

/** Attributes of Apigee's own: of monetization, the integrated portal and AppGroups (rule 13). */
const reservedPrefixes = ['MINT_', '_apiportal', '__apigee_reserved__'];

/** Names that Firestore reserves: a field may not have them. */
const firestoreReserved = /^__.*__$/su;

/** Whether an attribute is never synchronised, whatever the mapping says (rule 13). */
export function isReservedAttribute(name: string): boolean {
  return name === '' || firestoreReserved.test(name) || reservedPrefixes.some((prefix) => name.startsWith(prefix));
}

/** Which way an attribute travels. Undefined where it does not travel, being reserved or not selected (rule 13). */
export function directionOf(attributes: AttributeMapping, name: string): Direction | undefined {
  if (isReservedAttribute(name)) return undefined;
  return attributes.kind === 'map' ? 'both' : attributes.fields.get(name)?.direction;
}
