import type { DeveloperRow as RowAnswer } from '../../api/answers/developers.ts';
import { linkId } from '../../../shared/core/model/email.ts';
import type { DeveloperRow } from '../../../shared/operator/views/developers.ts';
import { syncStateWords } from '../../../shared/operator/views/sync-state.ts';

export function developerRow({ developer, link, sync, apps }: DeveloperRow): RowAnswer {
  const { developerId, email, userName, firstName, lastName, status, attributes, createdAt, lastModifiedAt } =
    developer;
  return {
    id: link === undefined ? developerId : linkId(link.key),
    developerId,
    email,
    userName: userName ?? null,
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    status,
    attributes: [...attributes].map(([name, value]) => ({ name, value })),
    createdAt,
    lastModifiedAt,
    sync,
    syncWords: syncStateWords(sync),
    apps: apps ?? null,
  };
}
