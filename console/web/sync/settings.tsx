import type { ReactNode } from 'react';
import type { MappedField } from '../../api/answers/session.ts';
import { useSession } from '../api/session.tsx';
import { number } from '../components/time.tsx';

/** What the console was deployed with, by the names of the settings: folded, because it is rarely asked for. */
export function Settings() {
  const { settings, version } = useSession();
  const { destructiveLimit, destructiveLimitPercent, creationLimit, callsPerMinute, mapping } = settings;
  return (
    <section className="card settings">
      <details>
        <summary>
          <h2>Settings</h2>
        </summary>
        <dl className="facts">
          <Fact name="APIGEE_ORG">
            {settings.org} ({settings.apigeeType})
          </Fact>
          <Fact name="GOOGLE_CLOUD_PROJECT">{settings.project}</Fact>
          <Fact name="FIRESTORE_DATABASE">{settings.database}</Fact>
          <Fact name="PORTAL_COLLECTION">{settings.portalCollection}</Fact>
          <Fact name="PORTAL_FILTER">{settings.filter ?? 'not set: everybody'}</Fact>
          <Fact name="STATE_PREFIX">{settings.statePrefix}</Fact>
          <Fact name="CONFLICT_POLICY">{settings.conflictPolicy}</Fact>
          <Fact name="PORTAL_DELETE_POLICY">{settings.portalDeletePolicy}</Fact>
          <Fact name="APIGEE_DELETE_POLICY">{settings.apigeeDeletePolicy}</Fact>
          <Fact name="DESTRUCTIVE_LIMIT">
            {number(destructiveLimit)} people, and {number(destructiveLimitPercent)} % of those seen
          </Fact>
          <Fact name="CREATION_LIMIT">{number(creationLimit)} people</Fact>
          <Fact name="APIGEE_CALLS_PER_MINUTE">{number(callsPerMinute)}</Fact>
          <Fact name="PORTAL_MAPPING">
            <ul>
              {mapping.map((one) => (
                <li key={one.field}>{mappedWords(one)}</li>
              ))}
            </ul>
          </Fact>
          <Fact name="Version">{version}</Fact>
        </dl>
      </details>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function mappedWords({ field, path, direction }: MappedField): string {
  switch (direction) {
    case 'to-apigee':
      return `${field}: ${path}, to Apigee only`;
    case 'to-portal':
      return `${field}: ${path}, to the portal only`;
    case 'both':
    case null:
      return `${field}: ${path}`;
  }
}
