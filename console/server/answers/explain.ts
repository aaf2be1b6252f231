import type { ExplainAnswer, ExplainStep } from '../../api/answers/person.ts';
import { canonicalEmail } from '../../../shared/core/model/email.ts';
import type { PersonView } from '../../../shared/operator/views/person.ts';
import { developerWords, portalWords, presenceWords } from '../../../shared/operator/words/person.ts';
import { doneWords, situationWords } from '../../../shared/operator/words/results.ts';
import { safeText } from '../../../shared/operator/words/safe-text.ts';
import { nextStepWords, stepWords } from '../../../shared/operator/words/steps.ts';

type Explained = Pick<ExplainAnswer, 'steps' | 'writes' | 'outcome'>;

/** What a sync would find, decide and write, step by step; the first step that stops it is the last that is passed. */
export function explainSteps(view: PersonView): Explained {
  const { subject, policy } = view;
  const { key, portal, link } = subject;
  const email = canonicalEmail(key);
  const isSelected = email === undefined || policy.inScope(email);
  const developer =
    view.kind === 'decided'
      ? developerWords(view.subject.developer)
      : `Apigee could not be asked: ${safeText(view.error.message)}`;
  const found = step('found', 'Found', view.kind === 'decided' ? 'passed' : 'stopped', [
    portalWords(portal),
    developer,
  ]);
  if (view.kind !== 'decided') return { steps: [found, ...skipped(1)], writes: [], outcome: null };
  const inScope = step('in-scope', 'In scope', isSelected ? 'passed' : 'stopped', [
    isSelected
      ? 'PORTAL_FILTER selects this email, or is not set'
      : 'PORTAL_FILTER does not select this email: nobody is looked at',
  ]);
  if (!isSelected) return { steps: [found, inScope, ...skipped(2)], writes: [], outcome: null };
  const { decision } = view;
  const rivals =
    subject.rivals.length === 0 ? [] : [`${String(subject.rivals.length)} other portal documents claim this email`];
  const matched = step('matched', 'Matched', decision.situation.endsWith('collision') ? 'stopped' : 'passed', [
    link === undefined ? 'nothing is known of this person yet: matched by email' : presenceWords(link),
    ...rivals,
  ]);
  const situation = step('situation', 'Situation', 'passed', [situationWords(decision.situation)]);
  const isStopped = decision.outcome === 'held' || decision.outcome === 'failed';
  const decided = step('decision', 'Decision', isStopped ? 'stopped' : 'passed', [
    safeText(decision.reason),
    doneWords(decision.outcome, true),
  ]);
  const writes = stepWords(decision, view.subject.developer);
  const written = step('writes', 'Writes', writes.length > 0 ? 'passed' : 'skipped', [
    ...(writes.length === 0 ? ['nothing is written to either side'] : writes),
    nextStepWords(view),
  ]);
  return { steps: [found, inScope, matched, situation, decided, written], writes, outcome: decision.outcome };
}

const titles = [
  ['found', 'Found'],
  ['in-scope', 'In scope'],
  ['matched', 'Matched'],
  ['situation', 'Situation'],
  ['decision', 'Decision'],
  ['writes', 'Writes'],
] as const;

function skipped(from: number): readonly ExplainStep[] {
  return titles.slice(from).map(([name, title]) => step(name, title, 'skipped', []));
}

function step(
  name: ExplainStep['step'],
  title: string,
  state: ExplainStep['state'],
  words: readonly string[],
): ExplainStep {
  return { step: name, title, state, words };
}
