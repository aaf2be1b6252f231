import { checkLink } from '../../shared/core/link-changes/check-link.ts';
import type { People } from '../../shared/state/people.ts';

/** The same people, but a link that breaks an invariant is not written: the step that made it fails. */
export function checkedLinks(people: People): People {
  return {
    ...people,
    transact: (scope, step) =>
      people.transact(scope, (view) => {
        const outcome = step(view);
        for (const link of outcome.links ?? []) {
          const [problem] = checkLink(link);
          if (problem !== undefined) throw new Error(`a link is about to be written that must not be: ${problem}`);
        }
        return outcome;
      }),
  };
}
