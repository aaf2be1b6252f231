import type { Developers, Operation } from '../../shared/apigee/developers.ts';

/** The same developers, telling each call. */
export function collectingCalls(developers: Developers, onCall: (operation: Operation) => void): Developers {
  const told = <T>(operation: Operation, answer: () => Promise<T>): Promise<T> => {
    onCall(operation);
    return answer();
  };
  return {
    listEmails: (page) => told('list', () => developers.listEmails(page)),
    listDevelopers: (page) => told('list', () => developers.listDevelopers(page)),
    get: (email, turn) => told('get', () => developers.get(email, turn)),
    create: (developer) => told('create', () => developers.create(developer)),
    update: (email, developer) => told('update', () => developers.update(email, developer)),
    setStatus: (email, status) => told('status', () => developers.setStatus(email, status)),
    delete: (email) => told('delete', () => developers.delete(email)),
  };
}
