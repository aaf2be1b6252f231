import type { PersonKey } from '../../shared/core/model/email.ts';
import { toPersonJson } from '../../shared/operator/json/person.ts';
import { isNobody, readPerson } from '../../shared/operator/views/person.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { renderPerson } from '../render/person.ts';

/** Shows one person as both sides have them, and what a sync would do. Changes nothing. */
export async function explain(
  services: Services,
  io: CliIo,
  person: PersonKey,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const view = await readPerson(services, person);
  io.out(json ? `${JSON.stringify(toPersonJson(view))}\n` : renderPerson(view));
  if (isNobody(view)) return 3;
  return view.kind === 'decided' ? 0 : 1;
}
