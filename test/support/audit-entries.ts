export const developersPrefix = 'google.cloud.apigee.v1.Developers.';

/** A LogEntry as Cloud Logging publishes it; `differs` are members of its `protoPayload`. */
export function auditEntry(differs: Readonly<Record<string, unknown>>, at = Date.now()): Record<string, unknown> {
  const timestamp = new Date(at).toISOString();
  return {
    logName: 'projects/acme/logs/cloudaudit.googleapis.com%2Factivity',
    insertId: 'x1',
    timestamp,
    receiveTimestamp: timestamp,
    severity: 'NOTICE',
    resource: { type: 'audited_resource', labels: { service: 'apigee.googleapis.com' } },
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'apigee.googleapis.com',
      methodName: `${developersPrefix}UpdateDeveloper`,
      resourceName: 'organizations/acme/developers/ann@example.com',
      authenticationInfo: { principalEmail: 'somebody@example.com' },
      status: {},
      ...differs,
    },
  };
}

/** The request by which Pub/Sub pushes a message with this body. */
export function pushed(json: unknown, attributes: Readonly<Record<string, string>> = {}, messageId = '1'): unknown {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  const message = { messageId, publishTime: new Date().toISOString(), attributes };
  return { message: { ...message, data: Buffer.from(text).toString('base64') }, subscription: 'audit-push' };
}
