import type { TestStack } from './use-stack.ts';

/** Somebody who works in Apigee, by its API as its own UI does. */
export interface ApigeeEditor {
  create(email: string): Promise<void>;
  /** Saves the developer as they are now, with these members changed. */
  save(email: string, changes: Readonly<Record<string, unknown>>): Promise<void>;
  setAttribute(email: string, name: string, value: string): Promise<void>;
  removeAttribute(email: string, name: string): Promise<void>;
  setStatus(email: string, status: 'active' | 'inactive'): Promise<void>;
  delete(email: string): Promise<void>;
}

export function apigeeEditor({ apigee }: Pick<TestStack, 'apigee'>): ApigeeEditor {
  const developers = `${apigee.url}/v1/organizations/${apigee.org}/developers`;
  const pathOf = (email: string): string => `${developers}/${encodeURIComponent(email)}`;
  async function call(method: string, url: string, body?: unknown): Promise<void> {
    const headers = { authorization: 'Bearer a-person', 'content-type': 'application/json' };
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${url}: ${String(response.status)} ${await response.text()}`);
    await response.body?.cancel();
  }
  return {
    create: (email) => call('POST', developers, { email, userName: email, firstName: 'First', lastName: 'Last' }),
    async save(email, changes) {
      const { firstName, lastName, userName, attributes } = apigee.admin.developer(email) ?? {};
      await call('PUT', pathOf(email), { email, firstName, lastName, userName, attributes, ...changes });
    },
    setAttribute: (email, name, value) => call('POST', `${pathOf(email)}/attributes/${name}`, { value }),
    removeAttribute: (email, name) => call('DELETE', `${pathOf(email)}/attributes/${name}`),
    setStatus: (email, status) => call('POST', `${pathOf(email)}?action=${status}`),
    delete: (email) => call('DELETE', pathOf(email)),
  };
}
