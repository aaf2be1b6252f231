import type { Act, Change, FieldWrite, Written } from '../model/change.ts';
import type { Decision, Subject } from '../model/decision.ts';
import type { UndoIntent } from '../model/link.ts';
import type { Policy } from '../model/policy.ts';
import { developerProfile, fieldsOf, valueOf } from '../model/profile.ts';
import { showsIntent } from '../decide/ours.ts';
import { unheardFields } from '../decide/undone.ts';
import { foundIn, writtenBy } from './written.ts';

/** A change but for who made it and when. */
export type ChangeNote = Omit<Change, 'id' | 'by' | 'at'>;

/**
 * What a decision changes once it is carried out, and what an earlier call of ours has changed that was never recorded;
 * undefined where nobody changes (rule 34).
 */
export function noteOfChange(subject: Subject, decision: Decision, policy: Policy): ChangeNote | undefined {
  const { key, link, portal, developer } = subject;
  const made = writtenBy(foundIn(subject), decision, policy);
  const written = withUnheard(unheardUndo(subject, policy), withUnheard(unheard(subject, policy), made));
  if (written.fields.length === 0) return undefined;
  return {
    key,
    ...written,
    situation: decision.situation,
    reason: decision.reason,
    userId: portal.kind === 'user' ? portal.user.id : link?.userId,
    developerId: developer.kind === 'developer' ? developer.developer.developerId : link?.developer?.developerId,
    mapping: policy.mapping,
    destructive: decision.destructive,
  };
}

/**
 * What a developer shows of an intent whose call was never recorded: by the link, somebody changed the developer from the
 * base to that, and it was us (rules 23, 24). What cannot be told from somebody else's doing, such as a creation, is no
 * change of ours.
 */
function unheard(subject: Subject, policy: Policy): Written {
  const fields = pushedUnheard(subject, policy);
  return { acts: { portal: undefined, apigee: fields.length === 0 ? undefined : 'updated' }, fields };
}

function pushedUnheard({ link, developer }: Subject, policy: Policy): readonly FieldWrite[] {
  if (developer.kind !== 'developer' || link?.base === undefined) return [];
  if (link.developer?.developerId !== developer.developer.developerId) return [];
  const now = developerProfile(developer.developer, policy);
  const { developer: base } = link.base;
  const isSent = link.intents.length > 0 && showsIntent(link, developer.developer, policy);
  const sent = isSent ? fieldsOf(base, now) : [];
  const fields = sent
    .filter((field) => valueOf(base, field) !== valueOf(now, field))
    .filter((field) => link.intents.some((intent) => valueOf(intent, field) === valueOf(now, field)))
    .map((field) => ({ side: 'apigee' as const, field, before: valueOf(base, field), after: valueOf(now, field) }));
  const isOurs =
    link.deactivationIntent?.developerId === developer.developer.developerId
      ? now.status === 'inactive'
      : isSent && link.intents.some(({ status }) => status === now.status);
  const status = { side: 'apigee', field: 'status', before: base.status, after: now.status } as const;
  return isOurs && base.status !== now.status ? [...fields, status] : fields;
}

/** What is found in Apigee of an undo whose call was never recorded (rule 35). */
export function unheardUndo({ link, developer: side }: Pick<Subject, 'link' | 'developer'>, policy: Policy): Written {
  const intent = link?.undoIntent;
  if (intent === undefined || side.kind === 'collision') return nothing;
  if (side.kind === 'absent') return intent.deletes ? inApigee('deleted', intent.fields) : nothing;
  if (intent.developerId !== side.developer.developerId) return nothing;
  const shown = unheardFields(intent, developerProfile(side.developer, policy));
  return shown.length === 0 ? nothing : inApigee('updated', shown);
}

const nothing: Written = { acts: { portal: undefined, apigee: undefined }, fields: [] };

function inApigee(act: Act, fields: UndoIntent['fields']): Written {
  const all = fields.map((write) => ({ side: 'apigee' as const, ...write }));
  return { acts: { portal: undefined, apigee: act }, fields: all };
}

/** The values before are those before the unheard call. */
function withUnheard({ acts: before, fields: earlier }: Written, { acts, fields }: Written): Written {
  if (earlier.length === 0) return { acts, fields };
  const isOf = (write: FieldWrite) => (other: FieldWrite) => other.side === write.side && other.field === write.field;
  const later = fields.map((write) => ({ ...write, before: earlier.find(isOf(write))?.before ?? write.before }));
  const only = earlier.filter((write) => !fields.some(isOf(write)));
  return {
    acts: { ...acts, apigee: acts.apigee ?? before.apigee },
    fields: [...later, ...only].filter(({ before, after }) => before !== after),
  };
}
