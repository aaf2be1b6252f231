import type { ApigeeStep, Decision, DeveloperSide, PortalStep } from '../../core/model/decision.ts';
import { type Attributes, changesBetween, type FieldChange, type Profile } from '../../core/model/profile.ts';
import type { Evidence } from '../../core/next-step/evidence.ts';
import type { Assessment } from '../../core/next-step/next-step.ts';
import { shortText } from './safe-text.ts';

/**
 * What a decision would write, a sentence for each step. Values are named: for operators only, never for a log (rule
 * 27).
 */
export function stepWords(decision: Decision, developer: DeveloperSide): readonly string[] {
  const steps = decision.apigee.flatMap((step) => apigeeWords(step, developer));
  if (decision.portal !== undefined) steps.push(...portalWords(decision.portal));
  if (decision.end.kind === 'moved') steps.push(`link: move to ${shortText(decision.end.to, 254)}`);
  for (const { field, side, value } of decision.lost) {
    const gone = value === undefined ? 'the removal' : `the value ${quoted(value)}`;
    steps.push(
      `${side === 'apigee' ? 'Apigee' : 'portal'}: ${gone} of ${shortText(field, 80)} gives way to the newer edit`,
    );
  }
  return steps;
}

/** What a run would do now, and what it would do first: the answer of `nextStep()`, for people. */
export function nextStepWords({ step, evidence }: Pick<Assessment, 'step' | 'evidence'>): string {
  switch (step.kind) {
    case 'report':
      return 'would report this and write nothing';
    case 'note':
      return 'would note this on the link and write nothing else';
    case 'write':
      return 'would write this at once';
    case 'read-fresh':
      return `would read the developer from Apigee first, because ${evidenceWords(evidence)} is not good enough for this`;
    case 'wait':
      if (step.for === 'review') return 'would wait until an operator has looked at the run (APPROVAL)';
      return step.for === 'gate'
        ? 'would wait until the whole run has been counted, because the write is destructive (DESTRUCTIVE_LIMIT)'
        : 'would do this if its whole listing shows the email in no other spelling; a push or sync EMAIL waits for that run';
  }
}

function evidenceWords({ from }: Evidence): string {
  switch (from) {
    case 'memory':
      return 'what the link remembers';
    case 'listing':
      return 'what a listing shows';
    case 'doubtful-listing':
      return 'a listing that contradicts the link';
    case 'fresh':
      return 'what was just read';
  }
}

function apigeeWords(step: ApigeeStep, developer: DeveloperSide): readonly string[] {
  switch (step.kind) {
    case 'create':
      return ['Apigee: create the developer', ...changeWords('Apigee', changesBetween(nothing, plain(step.developer)))];
    case 'update': {
      const before = developer.kind === 'developer' ? plain(developer.developer) : nothing;
      const renamed =
        step.developer.email === step.email ? [] : [`Apigee: rename to ${shortText(step.developer.email, 254)}`];
      return [...renamed, ...changeWords('Apigee', changesBetween(before, plain(step.developer)))];
    }
    case 'set-status':
      return [`Apigee: set status to ${step.status}`];
    case 'delete':
      return ['Apigee: delete the developer, with all apps and keys'];
  }
}

function portalWords(step: PortalStep): readonly string[] {
  switch (step.kind) {
    case 'create': {
      const { email, status } = step.user;
      const created = `portal: create the user ${shortText(email, 254)}${status === undefined ? '' : `, ${status}`}, with a password nobody knows`;
      return [created, ...changeWords('portal', changesBetween(nothing, plain(step.user)))];
    }
    case 'update':
      return changeWords('portal', step.changes);
    case 'set-status':
      return [`portal: set status to ${step.status}`];
    case 'delete':
      return ['portal: delete the user'];
  }
}

function changeWords(side: string, changes: readonly FieldChange[]): readonly string[] {
  return changes.map(({ field, value }) =>
    value === undefined
      ? `${side}: remove ${shortText(field, 80)}`
      : `${side}: set ${shortText(field, 80)} to ${quoted(value)}`,
  );
}

function quoted(value: string): string {
  return `"${shortText(value, 80)}"`;
}

const nothing: Profile = { firstName: undefined, lastName: undefined, status: undefined, attributes: new Map() };

function plain(names: {
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly attributes: Attributes;
}): Profile {
  const { firstName, lastName, attributes } = names;
  return { firstName, lastName, status: undefined, attributes };
}
