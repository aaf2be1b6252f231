import type { PersonKey } from '../../shared/core/model/email.ts';
import { toChangeJson } from '../../shared/operator/json/changes.ts';
import { toPersonJson } from '../../shared/operator/json/person.ts';
import { lastChanges } from '../../shared/operator/views/person-changes.ts';
import { isNobody, readPerson } from '../../shared/operator/views/person.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { renderChanges } from '../render/changes.ts';
import { renderPerson } from '../render/person.ts';

/** Shows one person as both sides have them, what a sync would do, and what was changed last. Changes nothing. */
export async function explain(
  services: Services,
  io: CliIo,
  person: PersonKey,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const [view, changes] = await Promise.all([readPerson(services, person), lastChanges(services, person)]);
  if (json) io.out(`${JSON.stringify({ ...toPersonJson(view), changes: changes.map(toChangeJson) })}\n`);
  else io.out(`${renderPerson(view, io.layout)}${renderChanges(changes)}`);
  if (isNobody(view)) return 3;
  return view.kind === 'decided' ? 0 : 1;
}
