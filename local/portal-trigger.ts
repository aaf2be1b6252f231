export interface PortalTriggerOptions {
  /** `host:port` of the Firestore emulator. */
  readonly host: string;
  readonly project: string;
  readonly database: string;
  /** Collection of the portal users. */
  readonly collection: string;
}

/** Has the Firestore emulator report every write of a portal document, as Eventarc does. This cannot be undone. */
export async function registerPortalTrigger(options: PortalTriggerOptions): Promise<void> {
  const { host, project, database, collection } = options;
  const url = new URL(`http://${host}/emulator/v1/projects/${encodeURIComponent(project)}/eventarcTrigger`);
  url.searchParams.set('eventarcTriggerId', 'push-portal-edit');
  const trigger = {
    eventType: 'google.cloud.firestore.document.v1.written.withAuthContext',
    database,
    namespace: '(default)',
    document: { value: `${collection}/{userId}`, matchType: 'PATH_PATTERN' },
  };
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(trigger) });
  const answer = await response.text();
  if (!response.ok) throw new Error(`The Firestore emulator took no trigger: ${String(response.status)} ${answer}`);
}
