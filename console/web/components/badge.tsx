import type { SyncState } from '../../api/requests.ts';

type Tone = 'good' | 'info' | 'warning' | 'danger' | 'neutral';

/** Every state that is shown as a badge: its colour, and its word where that is not the value itself. */
const badges: Readonly<Record<string, readonly [tone: Tone, word?: string]>> = {
  active: ['good'],
  inactive: ['neutral'],
  done: ['good'],
  nothing: ['neutral', 'nothing to do'],
  running: ['info'],
  requested: ['info'],
  queued: ['info'],
  held: ['warning'],
  failed: ['danger'],
  refused: ['danger'],
  intended: ['warning', 'unfinished'],
  stalled: ['danger', 'stands still'],
  stopped: ['danger'],
  behind: ['warning'],
  'never-run': ['neutral', 'never run'],
  'in-step': ['good', 'in step'],
  waits: ['info'],
  'only-in-apigee': ['neutral', 'only in Apigee'],
  'only-on-portal': ['neutral', 'only on the portal'],
  'not-selected': ['neutral', 'not selected'],
  nobody: ['neutral', 'on neither side'],
  enabled: ['good', 'on'],
  paused: ['warning'],
  approved: ['good'],
  pending: ['warning'],
  revoked: ['danger'],
  expired: ['danger'],
  unchanged: ['neutral'],
  'created-apigee': ['good', 'created in Apigee'],
  'created-portal': ['good', 'created on the portal'],
  'updated-apigee': ['info', 'updated in Apigee'],
  'updated-portal': ['info', 'updated on the portal'],
};

interface BadgeProps {
  readonly value: string;
  /** More about it. */
  readonly title?: string | undefined;
  readonly word?: string | undefined;
}

/** A state in one word. */
export function Badge({ value, title, word }: BadgeProps) {
  const [tone, known] = badges[value] ?? ['neutral'];
  return (
    <span className={`badge ${tone}`} title={title}>
      {word ?? known ?? value}
    </span>
  );
}

export const syncStateNames: readonly (readonly [SyncState, string])[] = [
  ['in-step', 'In step'],
  ['waits', 'Waits'],
  ['held', 'Held'],
  ['failed', 'Failed'],
  ['only-in-apigee', 'Only in Apigee'],
  ['not-selected', 'Not selected'],
];
