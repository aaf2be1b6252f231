import { makeUndo, undoToMake } from '../../../shared/operator/actions/undo-shown.ts';
import { undoAct } from '../../../shared/operator/actions/undo.ts';
import { answer, mistyped, refused, type Handler } from '../asked.ts';
import { keyOf } from './people.ts';
import { refusedBy } from './plans.ts';

/** Begins a dry run that shows what an undo would put back, and what it keeps and why. */
export const lookAtUndo: Handler<'lookAtUndo'> = async ({ desk, acting, body }) => {
  const { act, person } = body;
  // Every push has the same name: that of all people together is nothing that anybody did.
  if (person === undefined && (act === 'push' || act === 'pull'))
    return refused('what was pushed or pulled is undone for one person: begin in their history');
  const found = person === undefined ? undefined : await keyOf(desk, person);
  if (found?.kind === 'problem') return found;
  const people = found === undefined ? [] : [found.key];
  const asked = await undoAct(desk.services, acting(undefined), { act, people, dryRun: true });
  return asked.kind === 'refused' ? refusedBy(asked.reason) : answer({ runId: asked.runId });
};

/** Does what the dry run shows, for whoever types its number of people. */
export const undo: Handler<'undo'> = async ({ desk, acting, param, body }) => {
  const found = await undoToMake(desk.services, param('runId'));
  if (found.kind === 'refused') return refusedBy(found.reason);
  const { written } = found.undo;
  if (written !== body.planned)
    return mistyped('This is not the number of people for whom something is put back.', written);
  const asked = await makeUndo(desk.services, acting(body.reason), found.undo);
  return asked.kind === 'refused' ? refusedBy(asked.reason) : answer({ runId: asked.runId });
};
