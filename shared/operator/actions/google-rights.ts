import type { Rights, RightsAnswer } from '../views/rights.ts';

/** Asks Google Cloud what the default credentials may do. Asking changes nothing and needs no right of its own. */
export const googleRights: Rights = {
  async missing(project, permissions): Promise<RightsAnswer> {
    const { GoogleAuth } = await import('google-auth-library');
    const auth = new GoogleAuth({ scopes: ['https://www.googleapis.com/auth/cloud-platform'] });
    const url = `https://cloudresourcemanager.googleapis.com/v1/projects/${encodeURIComponent(project)}:testIamPermissions`;
    try {
      const { data } = await auth.request<{ readonly permissions?: readonly string[] }>({
        url,
        method: 'POST',
        data: { permissions },
        timeout: 10_000,
        retry: false,
      });
      const granted = new Set(data.permissions);
      return { kind: 'known', missing: permissions.filter((permission) => !granted.has(permission)) };
    } catch (error) {
      return { kind: 'unknown', why: whyNot(error) };
    }
  },
};

/** Messages of the client may quote an account: only what is known of them is told. */
function whyNot(error: unknown): string {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 403 || status === 404)
    return 'the project cannot be asked: does it exist, and is the Cloud Resource Manager API on?';
  const message = error instanceof Error ? error.message : '';
  if (/default credentials/iu.test(message))
    return 'there are no Google Cloud credentials: run gcloud auth application-default login';
  return typeof status === 'number' ? `Google Cloud answered ${String(status)}` : 'Google Cloud cannot be reached';
}
