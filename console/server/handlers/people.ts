import type { PersonDone } from '../../api/answers/person.ts';
import { mayAct, type Role } from '../../api/roles.ts';
import type { PersonRef } from '../../api/requests.ts';
import { canonicalEmail, type PersonKey } from '../../../shared/core/model/email.ts';
import type { PersonAct } from '../../../shared/operator/actions/person-act.ts';
import { afterSync } from '../../../shared/operator/actions/person-act.ts';
import { audited } from '../../../shared/operator/actions/audited.ts';
import { releaseHeldPerson } from '../../../shared/operator/actions/holds.ts';
import { syncOnePerson } from '../../../shared/operator/actions/sync-one.ts';
import { isNobody, personKey, readPerson } from '../../../shared/operator/views/person.ts';
import { lastChanges } from '../../../shared/operator/views/person-changes.ts';
import { heldByWords, holdWords } from '../../../shared/operator/words/holds.ts';
import { refusalWords } from '../../../shared/operator/words/refusals.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import { newMeter } from '../../../shared/state/meter.ts';
import { explainSteps } from '../answers/explain.ts';
import { personAnswer, type PersonKept } from '../answers/person.ts';
import { answer, lookOnly, notFound, refused, sentence, unavailable, type Handler, type Reply } from '../asked.ts';
import type { Desk } from '../desk.ts';

const nobodyThere = 'There is no such person: the portal has no user, and Apigee no developer of this email';

/** The person whom a request names. An id is a link's, or where there is no link yet a developer's. */
export async function keyOf(
  { services }: Desk,
  person: PersonRef,
): Promise<{ readonly kind: 'key'; readonly key: PersonKey } | Extract<Reply<never>, { kind: 'problem' }>> {
  if ('key' in person) {
    const key = personKey(person.key);
    if (key !== undefined) return { kind: 'key', key };
    const fields = [{ field: 'person.key', message: 'is no email' }];
    const message = 'Give an email such as ann@example.com, or # and the id of a portal document that has none.';
    return { kind: 'problem', error: { kind: 'invalid', message, fields } };
  }
  const link = await services.directory.link(person.id);
  if (link !== undefined) return { kind: 'key', key: link.link.key };
  const read = /^[0-9a-f]{64}$/u.test(person.id)
    ? undefined
    : await services.developers(() => undefined).get(person.id);
  if (read?.ok === false) return problemOf(unavailable(`Apigee could not be asked: ${safeText(read.error.message)}`));
  const key = read === undefined ? undefined : canonicalEmail(read.value?.email);
  return key === undefined ? problemOf(notFound(nobodyThere)) : { kind: 'key', key };
}

/** The people whom these ids stand for, each once. */
export async function keysOf(
  desk: Desk,
  ids: readonly string[],
): Promise<
  { readonly kind: 'keys'; readonly keys: readonly PersonKey[] } | Extract<Reply<never>, { kind: 'problem' }>
> {
  const keys = new Set<PersonKey>();
  for (const id of ids) {
    const found = await keyOf(desk, { id });
    if (found.kind === 'problem') return found;
    keys.add(found.key);
  }
  return { kind: 'keys', keys: [...keys] };
}

function problemOf(reply: Reply<never>): Extract<Reply<never>, { kind: 'problem' }> {
  if (reply.kind !== 'problem') throw new Error('not a problem');
  return reply;
}

export const person: Handler<'person'> = async ({ desk, acting, body }) => {
  const found = await keyOf(desk, body.person);
  if (found.kind === 'problem') return found;
  const view = await readPerson(desk.services, found.key);
  if (isNobody(view)) return notFound(nobodyThere);
  return answer(personAnswer(view, await keptOf(desk, found.key, roleOf(acting))));
};

export const explain: Handler<'explain'> = async ({ desk, acting, body }) => {
  const found = await keyOf(desk, body.person);
  if (found.kind === 'problem') return found;
  const view = await readPerson(desk.services, found.key);
  const { steps, writes, outcome } = explainSteps(view);
  const shown = personAnswer(view, await keptOf(desk, found.key, roleOf(acting)));
  return answer({ id: shown.id, key: found.key, now: view.now, steps, writes, outcome, person: shown });
};

export const apps: Handler<'apps'> = async ({ desk, body }) => {
  const found = await keyOf(desk, body.person);
  if (found.kind === 'problem') return found;
  const link = (await desk.services.people(newMeter()).links([found.key])).get(found.key)?.link;
  const email = link?.developer?.email ?? canonicalEmail(found.key);
  const read = email === undefined ? undefined : await desk.services.apps.of(email);
  if (read?.ok === false) return unavailable(`Apigee could not be asked: ${safeText(read.error.message)}`);
  return answer({
    apps: (read?.value ?? []).map((app) => ({
      ...app,
      keys: app.keys.map((key) => ({
        ...key,
        issuedAt: key.issuedAt === 0 ? null : key.issuedAt,
        expiresAt: key.expiresAt ?? null,
      })),
    })),
  });
};

export const syncPerson: Handler<'syncPerson'> = async ({ desk, acting, body }) => {
  if (!desk.offers.editDevelopers) return refused(lookOnly);
  const found = await keyOf(desk, body.person);
  if (found.kind === 'problem') return found;
  const { key } = found;
  const done = await audited<PersonAct>(
    desk.services,
    acting(body.reason),
    { action: 'sync-person', person: key },
    async (actionId) => {
      const synced = await syncOnePerson(desk.services, key, actionId);
      if (synced.kind === 'refused') {
        const words = refusalWords(synced.reason);
        return { result: { kind: 'refused', words }, end: { state: 'refused', words } };
      }
      const result = afterSync(synced, [], actionId);
      const words = result.kind === 'ended' ? result.words.join('; ') : '';
      return { result, end: { state: result.kind === 'ended' ? result.state : 'failed', words } };
    },
  );
  return actReply(desk, key, done);
};

export const releasePerson: Handler<'releasePerson'> = async ({ desk, acting, body }) => {
  if (!desk.offers.editDevelopers) return refused(lookOnly);
  const found = await keyOf(desk, body.person);
  if (found.kind === 'problem') return found;
  const { key } = found;
  const operator = acting(body.reason);
  const approves = mayAct(operator.operator.role, 'admin');
  const done = await audited<PersonAct>(
    desk.services,
    operator,
    { action: 'release-person', person: key },
    async (actionId) => {
      const released = await releaseHeldPerson(desk.services, key, { actionId, approves });
      if (released.kind === 'refused') {
        const words = refusalWords(released.reason);
        return { result: { kind: 'refused', words }, end: { state: 'refused', words } };
      }
      const was = released.kind === 'looked-at' ? [`held until now: ${heldByWords(released)}`] : [];
      const still = released.hold === undefined ? [] : [`held still: ${holdWords(released.hold.reason).advice}`];
      const result = afterSync({ kind: 'synced', result: released.result }, was, actionId);
      if (result.kind !== 'ended') return { result, end: { state: 'failed', words: '' } };
      const ended = { ...result, words: [...result.words, ...still] };
      return { result: ended, end: { state: ended.state, words: ended.words.join('; ') } };
    },
  );
  return actReply(desk, key, done);
};

/** What became of an action on one person, with the person as found afterwards. */
export async function actReply(desk: Desk, key: PersonKey, done: PersonAct): Promise<Reply<PersonDone>> {
  switch (done.kind) {
    case 'refused':
      return refused(done.words);
    case 'not-found':
      return notFound(nobodyThere);
    case 'not-reached':
      return unavailable(`Nothing was done: Apigee could not be asked. ${safeText(done.error.message)}`);
    case 'invalid': {
      const message = 'Some of this would be refused by Apigee: put it right first.';
      const fields = done.problems.map((one) => ({ ...one, message: sentence(one.message) }));
      return { kind: 'problem', error: { kind: 'invalid', message, fields } };
    }
    case 'conflict': {
      const message = 'Somebody else changed this person since you opened the page. Nothing was overwritten.';
      const diff = done.fields.map(({ side, field, now }) => ({ side, field, now: now ?? null }));
      const now = await shownNow(desk, key);
      return now === null ? unavailable(message) : { kind: 'problem', error: { kind: 'conflict', message, diff, now } };
    }
    case 'ended': {
      const { actionId, state, words } = done;
      return answer({ actionId, result: state, words: words.map(sentence), person: await shownNow(desk, key) });
    }
  }
}

/** What is kept about the person, as far as `role` may see it. */
async function keptOf({ services }: Desk, key: PersonKey, role: Role): Promise<PersonKept> {
  const [records, changes] = await Promise.all([services.audit.ofPerson(key), lastChanges(services, key)]);
  return { records, changes, showsValues: mayAct(role, 'operator') };
}

function roleOf(acting: (reason: undefined) => { readonly operator: { readonly role: Role } }): Role {
  return acting(undefined).operator.role;
}

/** For whoever acted, and is an operator at least. */
async function shownNow(desk: Desk, key: PersonKey) {
  const view = await readPerson(desk.services, key);
  return isNobody(view) ? null : personAnswer(view, await keptOf(desk, key, 'operator'));
}
