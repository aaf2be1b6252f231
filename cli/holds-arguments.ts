import type { HoldsAction, HoldsOptions } from './commands/holds.ts';
import { Refusal } from './process/cli-io.ts';
import { personKey } from './process/person-argument.ts';

export const holdsActions = ['list', 'approve', 'release'] as const;

interface HoldsFlags {
  readonly json?: true;
  readonly background?: true;
}

/** What `holds [ACTION] [RUN|EMAIL]` asks for. Throws Refusal. */
export function readHoldsArguments(
  action: (typeof holdsActions)[number],
  target: string | undefined,
  { json, background }: HoldsFlags,
): HoldsOptions {
  if (background === true && action !== 'approve') throw new Refusal('--background is about holds approve RUN');
  return { action: actionOf(action, target, background === true), json: json === true };
}

function actionOf(action: (typeof holdsActions)[number], target: string | undefined, background: boolean): HoldsAction {
  switch (action) {
    case 'list':
      if (target !== undefined) throw new Refusal('holds list takes no more: devsync holds shows all of them');
      return { kind: 'list' };
    case 'approve':
      if (target === undefined) throw new Refusal('Give the run to approve: devsync holds lists those that are held');
      return { kind: 'approve', runId: target, background };
    case 'release':
      if (target === undefined) throw new Refusal('Give the person to release: devsync holds lists those who are held');
      personKey(target);
      return { kind: 'release', person: target };
  }
}
