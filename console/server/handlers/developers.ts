import type { ScanLine } from '../../api/answers/developers.ts';
import type { PersonDone } from '../../api/answers/person.ts';
import type { BulkLine } from '../../api/answers/attention.ts';
import { canonicalEmail, linkId } from '../../../shared/core/model/email.ts';
import type { FieldName } from '../../../shared/core/model/profile.ts';
import { createDeveloper as create } from '../../../shared/operator/actions/create-developer.ts';
import { deleteDeveloper as remove } from '../../../shared/operator/actions/delete-developer.ts';
import { editDeveloper as edit } from '../../../shared/operator/actions/edit-developer.ts';
import { actOnDevelopers } from '../../../shared/operator/actions/many-developers.ts';
import { setStatus } from '../../../shared/operator/actions/set-status.ts';
import {
  listDevelopers as list,
  scanDevelopers as scan,
  type Scanned,
} from '../../../shared/operator/views/developers.ts';
import { searchDevelopers as search } from '../../../shared/operator/views/search-developers.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import { developerRow } from '../answers/developer.ts';
import { bulkLines } from '../answers/bulk.ts';
import { answer, lookOnly, refused, unavailable, type Asked, type Handler, type Reply } from '../asked.ts';
import { actReply, keyOf, keysOf } from './people.ts';

export const listDevelopers: Handler<'listDevelopers'> = async ({ desk, body }) => {
  const page = await list(desk.services, body.after);
  switch (page.kind) {
    case 'page':
      return answer({ developers: page.rows.map(developerRow), next: page.next ?? null });
    case 'gone':
      return refused('the developers with whom the page before ended were deleted: begin at the first page');
    case 'not-reached':
      return unavailable(`Apigee could not be asked: ${safeText(page.error.message)}`);
  }
};

export const searchDevelopers: Handler<'searchDevelopers'> = async ({ desk, body }) => {
  const found = await search(desk.services, body.query, body.after);
  if (found.kind === 'not-reached') return unavailable(`Apigee could not be asked: ${safeText(found.error.message)}`);
  return answer({
    kind: found.kind,
    developers: found.rows.map(developerRow),
    others: found.others.map(({ key, words }) => ({ id: linkId(key), key, words })),
    next: found.next ?? null,
  });
};

export const scanDevelopers: Handler<'scanDevelopers'> = async ({ desk, body, signal }) => ({
  kind: 'lines',
  lines: scanLines(scan(desk.services, body.filter, body.after), signal),
});

async function* scanLines(found: AsyncIterable<Scanned>, signal: AbortSignal): AsyncGenerator<ScanLine> {
  for await (const one of found) {
    if (signal.aborted) return;
    if (one.kind === 'row') yield { kind: 'developer', developer: developerRow(one.row) };
    else if (one.kind === 'progress') yield { ...one, next: one.next ?? null };
    else {
      const { looked, found: matched, why } = one;
      const problem =
        why.kind === 'not-reached'
          ? `Apigee could not be asked: ${safeText(why.error.message)}`
          : why.kind === 'gone'
            ? 'The list of developers changed too much: search again.'
            : null;
      const next = why.kind === 'not-reached' ? (why.next ?? null) : null;
      yield { kind: 'over', looked, found: matched, complete: why.kind === 'complete', next, problem };
    }
  }
}

export const createDeveloper: Handler<'createDeveloper'> = async ({ desk, acting, body }) => {
  if (!desk.offers.editDevelopers) return refused(lookOnly);
  const { email, firstName, lastName, userName, attributes = [], reason } = body;
  const names = attributes.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) {
    const fields = [{ field: `attributes.${twice}`, message: 'Named twice: leave one of the two out.' }];
    return { kind: 'problem', error: { kind: 'invalid', message: 'An attribute is named twice.', fields } };
  }
  const draft = {
    email,
    firstName,
    lastName,
    userName,
    attributes: new Map(attributes.map((it) => [it.name, it.value])),
  };
  const done = await create(desk.services, acting(reason), draft);
  const key = canonicalEmail(email);
  return key === undefined ? refused('this is no email') : actReply(desk, key, done);
};

export const editDeveloper: Handler<'editDeveloper'> = async ({ desk, acting, body }) => {
  if (!desk.offers.editDevelopers) return refused(lookOnly);
  const found = await keyOf(desk, body.person);
  if (found.kind === 'problem') return found;
  const { key } = found;
  const changes = body.changes.map(({ field, value }) => ({ field: field as FieldName, value: value ?? undefined }));
  const done = await edit(desk.services, acting(body.reason), { key, seen: body.seen, changes });
  const reply = await actReply(desk, key, done);
  if (reply.kind !== 'problem' || reply.error.kind !== 'conflict') return reply;
  const wanted = new Map(body.changes.map(({ field, value }) => [field, value]));
  const diff = reply.error.diff.map((one) =>
    wanted.has(one.field) ? { ...one, edit: wanted.get(one.field) ?? null } : one,
  );
  return { kind: 'problem', error: { ...reply.error, diff } };
};

export const activateDeveloper: Handler<'activateDeveloper'> = (asked) => changeStatus(asked, 'active');
export const deactivateDeveloper: Handler<'deactivateDeveloper'> = (asked) => changeStatus(asked, 'inactive');

async function changeStatus(
  { desk, acting, body }: Pick<Asked<'activateDeveloper'>, 'desk' | 'acting' | 'body'>,
  status: 'active' | 'inactive',
): Promise<Reply<PersonDone>> {
  if (!desk.offers.editDevelopers) return refused(lookOnly);
  const found = await keyOf(desk, body.person);
  if (found.kind === 'problem') return found;
  const order = { key: found.key, status, isOneOfMany: false } as const;
  return actReply(desk, found.key, await setStatus(desk.services, acting(body.reason), order));
}

export const deleteDeveloper: Handler<'deleteDeveloper'> = async ({ desk, acting, body }) => {
  if (!desk.offers.editDevelopers) return refused(lookOnly);
  const found = await keyOf(desk, body.person);
  if (found.kind === 'problem') return found;
  const { key } = found;
  return actReply(desk, key, await remove(desk.services, acting(body.reason), { key, typed: body.email }));
};

export const bulkDevelopers: Handler<'bulkDevelopers'> = async ({ desk, acting, body, signal }) => {
  const { action, people, count, reason } = body;
  if (!desk.offers.editDevelopers) return refused(lookOnly);
  const ids = [...new Set(people)];
  if (ids.length !== count) {
    const message = 'This is not the number of people that are chosen.';
    return { kind: 'problem', error: { kind: 'mistyped', message, expected: ids.length } };
  }
  const keys = await keysOf(desk, ids);
  if (keys.kind === 'problem') return keys;
  const steps = actOnDevelopers(desk.services, acting(reason), action, keys.keys);
  return { kind: 'lines', lines: bulkLines(steps, action, signal) } satisfies Reply<BulkLine>;
};
