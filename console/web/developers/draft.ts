import type { FieldAnswer, PersonAnswer } from '../../api/answers/person.ts';
import type { FieldEdit } from '../../api/requests.ts';

/** What is typed into the form of a person. */
export interface Draft {
  readonly firstName: string;
  readonly lastName: string;
  readonly attributes: readonly DraftAttribute[];
}

export interface DraftAttribute {
  /** Stays the same while the name is typed. */
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly isNew: boolean;
  /** Reserved: shown, and nobody may edit it here. */
  readonly isLocked: boolean;
  /** Why it is locked, or where an edit of it goes. */
  readonly words: string;
}

const prefix = 'attributes.';

export function draftOf({ fields }: Pick<PersonAnswer, 'fields'>): Draft {
  const find = (name: string): string => valueOf(fields.find(({ field }) => field === name)) ?? '';
  return {
    firstName: find('firstName'),
    lastName: find('lastName'),
    attributes: fields.flatMap((answer) => {
      const value = valueOf(answer);
      if (!answer.field.startsWith(prefix) || value === null) return [];
      const name = answer.field.slice(prefix.length);
      const isLocked = answer.edit === 'locked';
      return [{ id: name, name, value, isNew: false, isLocked, words: answer.editWords }];
    }),
  };
}

/** The fields that differ from what the person was when the form was opened. */
export function changesOf(opened: Pick<PersonAnswer, 'fields'>, draft: Draft): readonly FieldEdit[] {
  const before = draftOf(opened);
  const changes: FieldEdit[] = [];
  for (const field of ['firstName', 'lastName'] as const)
    if (draft[field].trim() !== before[field]) changes.push({ field, value: draft[field].trim() });
  const wanted = new Map(
    draft.attributes
      .filter(({ name, isLocked }) => !isLocked && name.trim() !== '')
      .map(({ name, value }) => [name.trim(), value]),
  );
  for (const { name, value, isLocked } of before.attributes) {
    if (isLocked) continue;
    const now = wanted.get(name);
    if (now !== value) changes.push({ field: `${prefix}${name}`, value: now ?? null });
    wanted.delete(name);
  }
  for (const [name, value] of wanted) changes.push({ field: `${prefix}${name}`, value });
  return changes;
}

/** What can be told to be wrong without asking anybody, by field. */
export function problemsOf(
  { firstName, lastName, attributes }: Draft,
  limit: number,
): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  if (firstName.trim() === '') problems['firstName'] = 'Apigee does not take a developer without a first name.';
  if (lastName.trim() === '') problems['lastName'] = 'Apigee does not take a developer without a last name.';
  return { ...problems, ...attributeProblemsOf(attributes, limit) };
}

/** What can be told to be wrong with custom attributes, by the id of each. */
export function attributeProblemsOf(
  attributes: readonly DraftAttribute[],
  limit: number,
): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  const names = attributes.map(({ name }) => name.trim());
  for (const { id, isNew } of attributes) {
    if (!isNew) continue;
    const name = attributes.find((attribute) => attribute.id === id)?.name.trim() ?? '';
    if (name === '') problems[`${prefix}${id}`] = 'It needs a name.';
    else if (names.filter((other) => other === name).length > 1)
      problems[`${prefix}${id}`] = 'There is an attribute with this name already.';
  }
  if (attributes.length > limit) problems['attributes'] = `Apigee takes at most ${String(limit)} attributes.`;
  return problems;
}

/** An edit begins from the side to which it will be written. */
function valueOf(answer: FieldAnswer | undefined): string | null {
  if (answer === undefined) return null;
  return answer.edit === 'portal' ? (answer.portal ?? answer.apigee) : (answer.apigee ?? answer.portal);
}
