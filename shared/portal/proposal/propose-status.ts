import type { FieldFacts, SampleFacts } from './field-facts.ts';
import { best, nameOf, seen } from './find-fields.ts';

const switches = {
  off: [
    'disabled',
    'isdisabled',
    'blocked',
    'isblocked',
    'suspended',
    'issuspended',
    'banned',
    'isbanned',
    'inactive',
    'locked',
  ],
  on: ['active', 'isactive', 'enabled', 'isenabled'],
};
const words = {
  active: ['active', 'enabled', 'ok', 'approved', 'live', 'registered'],
  inactive: ['inactive', 'disabled', 'blocked', 'suspended', 'banned', 'locked', 'archived'],
};

const named = ['status', 'state', 'accountstatus'];

/** What PORTAL_MAPPING says for the status, and why. */
export interface ProposedStatus {
  readonly value: unknown;
  readonly words: string;
}

/** Looks for a status in words, and then for a switch. */
export function statusOf(facts: SampleFacts): ProposedStatus {
  const inWords = best(facts, named, (it) => (wordsIn(it) === undefined ? 0 : it.texts), 0.01);
  const found = inWords && wordsIn(inWords.facts);
  if (inWords !== undefined && found !== undefined) {
    const { path, present } = inWords.facts;
    const isPlain = found.active.join() === 'active' && found.inactive.join() === 'inactive';
    const lacks = present < facts.documents ? { default: 'active' } : {};
    const value =
      isPlain && present === facts.documents ? path : { path, ...(isPlain ? {} : { values: found }), ...lacks };
    return { value, words: `${seen(inWords, facts, 'holds a word for it')}${lackWords(inWords.facts, facts)}` };
  }
  const found2 = best(facts, [...switches.off, ...switches.on], ({ booleans }) => booleans, 0.01);
  if (found2 === undefined) {
    const other = best(facts, named, ({ numbers, texts }) => numbers + texts);
    const told =
      other === undefined
        ? 'no field looks like a status:'
        : `${seen(other, facts, 'holds a number or a word of your own')}: say in "values" which of them mean active; until then`;
    return { value: null, words: `${told} everybody counts as active, and nobody is made inactive` };
  }
  const { path } = found2.facts;
  const isOff = switches.off.includes(nameOf(path));
  const lacks = found2.facts.present < facts.documents ? { default: 'active' } : {};
  const value = { path, values: { active: !isOff, inactive: isOff }, ...lacks };
  return { value, words: `${seen(found2, facts, 'is true or false')}${lackWords(found2.facts, facts)}` };
}

function lackWords({ present }: FieldFacts, { documents }: SampleFacts): string {
  return present < documents ? `; the ${String(documents - present)} without it count as active` : '';
}

/** The words that a field uses for either status; undefined where it uses others. */
function wordsIn({ values, texts }: FieldFacts): { active: string[]; inactive: string[] } | undefined {
  if (values === undefined || texts === 0) return undefined;
  const used = { active: new Array<string>(), inactive: new Array<string>() };
  for (const value of values.keys()) {
    const word = String(value).trim().toLowerCase();
    if (word === '') continue;
    const kind = words.active.includes(word) ? 'active' : words.inactive.includes(word) ? 'inactive' : undefined;
    if (kind === undefined || typeof value !== 'string') return undefined;
    used[kind].push(value.trim());
  }
  if (used.active.length + used.inactive.length === 0) return undefined;
  // What nobody has at the moment has to be written all the same.
  if (used.active.length === 0) used.active.push('active');
  if (used.inactive.length === 0) used.inactive.push('inactive');
  return used;
}
