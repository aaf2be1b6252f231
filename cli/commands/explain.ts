import type { Services } from '../../shared/wiring/services.ts';
import type { CliIo, ExitCode } from '../process/cli-io.ts';
import { personKey } from '../process/person-argument.ts';
import { toPersonJson } from '../../shared/operator/json/person.ts';
import { readPerson, type PersonView } from '../../shared/operator/views/person.ts';
import { renderPerson } from '../render/person.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import { personWords } from '../../shared/operator/words/words.ts';

/** Shows one person as both sides have them, and what a sync would do. Changes nothing. */
export async function explain(
  services: Services,
  io: CliIo,
  argument: string,
  { json }: { readonly json: boolean },
): Promise<ExitCode> {
  const view = await readPerson(services, personKey(argument));
  if (json) io.out(`${JSON.stringify(toPersonJson(view))}\n`);
  else if (isUnknown(view)) io.out(unknown(view));
  else io.out(renderPerson(view));
  return view.kind === 'decided' ? 0 : 1;
}

function isUnknown(view: PersonView): boolean {
  return view.kind === 'decided' && view.decision.situation === 'nobody' && view.subject.link === undefined;
}

function unknown({ subject }: PersonView): string {
  return (
    `${safeText(personWords(subject.key))} is unknown: no portal user, no developer, no link.\n` +
    'Until a person is linked, their portal user is looked up by the email in lower case.\n'
  );
}
