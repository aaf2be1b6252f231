import type { FieldPath } from './mapping.ts';

const mostSentences = 10;
const longestLabel = 120;

/** What is wrong with a document: one sentence per field, naming the field and never its value (rules 18, 27). */
export interface Problems {
  add(path: FieldPath | readonly string[], what: string): void;
  addSentence(sentence: string): void;
  sentences(): readonly string[];
}

/** Keeps only the first ten: a report must not grow with a hostile document. */
export function newProblems(): Problems {
  const kept: string[] = [];
  let more = 0;
  const keep = (sentence: () => string): void => {
    if (kept.length < mostSentences) kept.push(sentence());
    else more += 1;
  };
  return {
    add: (path, what) => keep(() => problemWith(path, what)),
    addSentence: (sentence) => keep(() => sentence),
    sentences: () => (more === 0 ? kept : [...kept, `There are ${more} more problems of this kind.`]),
  };
}

/** What a field must be, as a sentence. */
export function problemWith(path: FieldPath | readonly string[], what: string): string {
  return `The field ${fieldLabel(path)} ${what}.`;
}

function fieldLabel(path: readonly string[]): string {
  const label = path.join('.').toWellFormed();
  return JSON.stringify(label.length <= longestLabel ? label : `${label.slice(0, longestLabel).toWellFormed()}…`);
}
