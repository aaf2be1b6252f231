import type { AuditAction, AuditRecord } from '../../state/audit.ts';
import { counted } from './quantities.ts';
import { fieldWords } from './results.ts';
import { safeText } from './safe-text.ts';

const names: Readonly<Record<AuditAction, string>> = {
  'request-run': 'asked for a run',
  'approve-run': 'approved the held run',
  'reject-run': 'rejected the held run',
  'apply-plan': 'applied a plan',
  undo: 'undid what was changed',
  'pause-schedule': 'paused the schedule',
  'resume-schedule': 'resumed the schedule',
  'run-schedule': 'had the schedule send its request',
  'sync-person': 'synchronised one person',
  'release-person': 'released one person',
  'retry-group': 'tried a group of people again',
  'release-group': 'released a group of people',
  'create-developer': 'created the developer',
  'edit-developer': 'edited the developer',
  'activate-developer': 'activated the developer',
  'deactivate-developer': 'deactivated the developer',
  'delete-developer': 'deleted the developer',
  'activate-developers': 'activated developers',
  'deactivate-developers': 'deactivated developers',
  'delete-developers': 'deleted developers',
  'sync-people': 'synchronised people',
  'export-developers': 'exported developers',
  'export-run': 'exported the people of a run',
  stop: 'stopped every write',
  resume: 'let every write go on',
  'cancel-run': 'cancelled the run',
  'look-at-dead-letters': 'looked at the dead letters',
  'replay-dead-letters': 'published dead letters again',
  'forget-person': 'forgot a person',
};

/** What an operator did and how it ended, without the full stop. */
export function actionWords({ action, fields, people, end }: AuditRecord): string {
  const about = fields.length === 0 ? '' : ` (${fieldWords(fields).join(', ')})`;
  const many = people === undefined ? '' : `, ${counted(people, 'person', 'people')}`;
  return `${names[action]}${about}${many}: ${end === undefined ? 'begun, and its end is not known' : safeText(end.words)}`;
}
