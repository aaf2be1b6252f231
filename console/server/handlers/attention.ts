import type { AttentionGroup as GroupAnswer, BulkLine } from '../../api/answers/attention.ts';
import { linkId } from '../../../shared/core/model/email.ts';
import { actOnMany } from '../../../shared/operator/actions/many.ts';
import { oneOf, syncAgain } from '../../../shared/operator/actions/many-developers.ts';
import { releaseMany } from '../../../shared/operator/actions/release-many.ts';
import { readAttention, type AttentionGroup, type Troubled } from '../../../shared/operator/views/attention.ts';
import { holdWords } from '../../../shared/operator/words/holds.ts';
import { nextTryWords } from '../../../shared/operator/words/person.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import { bulkLines } from '../answers/bulk.ts';
import { answer, lookOnly, notFound, refused, type Asked, type Handler, type Reply } from '../asked.ts';

const peopleShown = 200;

export const attention: Handler<'attention'> = async ({ desk }) => {
  const { groups, exact, now } = await readAttention(desk.services);
  const people = groups.reduce((sum, group) => sum + group.people.length, 0);
  return answer({ groups: groups.map((group) => groupAnswer(group, now)), people, exact });
};

export const attentionGroup: Handler<'attentionGroup'> = async ({ desk, param }) => {
  const { groups, now } = await readAttention(desk.services);
  const group = groups.find(({ id }) => id === param('group'));
  if (group === undefined) return notFound('nobody is in this group any more');
  const people = group.people.slice(0, peopleShown).map((one) => ({
    id: linkId(one.key),
    key: one.key,
    since: one.since,
    attempts: one.attempts ?? null,
    nextTry: one.due ?? null,
    nextTryWords: tryWords(group, one, now),
  }));
  return answer({ group: groupAnswer(group, now), people });
};

export const retryGroup: Handler<'retryGroup'> = async (asked) => {
  if (!asked.desk.offers.editDevelopers) return refused(lookOnly);
  const group = await groupFor(asked);
  if (group.kind !== 'group') return group;
  const { desk, acting, body, signal } = asked;
  const keys = group.group.people.map(({ key }) => key);
  const steps = actOnMany(desk.services, acting(body.reason), 'retry-group', keys, async (key, actionId) =>
    oneOf(await syncAgain(desk.services, key, actionId), 'retry'),
  );
  return { kind: 'lines', lines: bulkLines(steps, 'retry', signal) } satisfies Reply<BulkLine>;
};

export const releaseGroup: Handler<'releaseGroup'> = async (asked) => {
  if (!asked.desk.offers.editDevelopers) return refused(lookOnly);
  const group = await groupFor(asked);
  if (group.kind !== 'group') return group;
  const { desk, acting, body, signal } = asked;
  const keys = group.group.people.map(({ key }) => key);
  const steps = releaseMany(desk.services, acting(body.reason), keys);
  return { kind: 'lines', lines: bulkLines(steps, 'release', signal) } satisfies Reply<BulkLine>;
};

/** The group as it is now: whoever typed another number read another group. */
async function groupFor({
  desk,
  param,
  body,
}: Asked<'retryGroup'> | Asked<'releaseGroup'>): Promise<
  { readonly kind: 'group'; readonly group: AttentionGroup } | Extract<Reply<never>, { kind: 'problem' }>
> {
  const { groups } = await readAttention(desk.services);
  const group = groups.find(({ id }) => id === param('group'));
  if (group === undefined)
    return { kind: 'problem', error: { kind: 'not-found', message: 'Nobody is in this group any more.' } };
  if (group.people.length === body.count) return { kind: 'group', group };
  const message = 'This is not the number of people in the group: it may have changed since.';
  return { kind: 'problem', error: { kind: 'mistyped', message, expected: group.people.length } };
}

function groupAnswer(group: AttentionGroup, now: number): GroupAnswer {
  const dues = group.people.flatMap(({ due }) => due ?? []);
  const first = dues.length === 0 ? undefined : Math.min(...dues);
  const [longest] = group.people;
  return {
    group: group.id,
    kind: group.kind,
    reason:
      group.hold === undefined ? safeText(group.reason) : `${holdWords(group.hold).reason}: ${safeText(group.reason)}`,
    advice: group.hold === undefined ? null : holdWords(group.hold).advice,
    people: group.people.length,
    since: longest?.since ?? now,
    nextTry: first ?? null,
    nextTryWords: longest === undefined ? '' : tryWords(group, { ...longest, due: first }, now),
    mayRelease: group.kind === 'held',
  };
}

function tryWords(group: AttentionGroup, { key, since, attempts, due }: Troubled, now: number): string {
  return nextTryWords({ key, since, attempts, due, kind: group.kind, reason: group.reason }, now);
}
