import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createDeveloper } from '../../shared/operator/actions/create-developer.ts';
import { deleteDeveloper } from '../../shared/operator/actions/delete-developer.ts';
import { editDeveloper } from '../../shared/operator/actions/edit-developer.ts';
import { beginAudited } from '../../shared/operator/actions/audited.ts';
import type { PersonAct } from '../../shared/operator/actions/person-act.ts';
import { setStatus } from '../../shared/operator/actions/set-status.ts';
import { exportDevelopers, ExportBroken } from '../../shared/operator/export/developers.ts';
import { toPersonJson } from '../../shared/operator/json/person.ts';
import { whatStops } from '../../shared/operator/views/what-stops.ts';
import { isNobody, readPerson } from '../../shared/operator/views/person.ts';
import { whatStopsWords } from '../../shared/operator/words/what-stops.ts';
import { safeText } from '../../shared/operator/words/safe-text.ts';
import { personWords } from '../../shared/operator/words/results.ts';
import { canonicalEmail, type PersonKey } from '../../shared/core/model/email.ts';
import type { Services } from '../../shared/wiring/services.ts';
import type { DevelopersCommand } from '../parse-developers.ts';
import { actingAs } from '../process/acting.ts';
import { confirm as confirmTyped } from '../process/confirm.ts';
import { Refusal, type CliIo, type ExitCode } from '../process/cli-io.ts';
import { renderAct, renderApps, toActJson } from '../render/developers.ts';
import { renderPerson } from '../render/person.ts';
import { listDevelopers } from './list-developers.ts';

type Act = Extract<DevelopersCommand, { readonly yes: boolean }>;

/** Developers: lists, shows and exports them, and makes what an operator orders. */
export async function developers(services: Services, io: CliIo, command: DevelopersCommand): Promise<ExitCode> {
  switch (command.action) {
    case 'list':
      return listDevelopers(services, io, command);
    case 'show':
      return show(services, io, command);
    case 'export':
      return exportAll(services, io, command);
    case 'create':
    case 'edit':
    case 'activate':
    case 'deactivate':
    case 'delete':
      return act(services, io, command);
  }
}

async function show(
  services: Services,
  io: CliIo,
  { person, json }: Extract<DevelopersCommand, { action: 'show' }>,
): Promise<ExitCode> {
  const view = await readPerson(services, person);
  const apps = view.kind === 'decided' ? await appsOf(services, person) : [];
  if (json) io.out(`${JSON.stringify({ ...toPersonJson(view), apps })}\n`);
  else io.out(`${renderPerson(view, io.layout)}${renderApps(apps)}`);
  if (isNobody(view)) return 3;
  return view.kind === 'decided' ? 0 : 1;
}

async function appsOf(services: Services, person: PersonKey) {
  const email = canonicalEmail(person);
  const answer = email === undefined ? undefined : await services.apps.of(email);
  return answer?.ok === true ? (answer.value ?? []) : [];
}

async function act(services: Services, io: CliIo, command: Act): Promise<ExitCode> {
  await confirm(services, io, command);
  const acting = actingAs(io, command.reason);
  const done = await carryOut(services, acting, command);
  io.out(command.json ? `${JSON.stringify(toActJson(keyOf(command), done))}\n` : renderAct(keyOf(command), done));
  return exitCodeOf(done);
}

function keyOf(command: Act): string {
  return command.action === 'create' ? command.email : command.person;
}

async function carryOut(services: Services, acting: ReturnType<typeof actingAs>, command: Act): Promise<PersonAct> {
  switch (command.action) {
    case 'create': {
      const { email, firstName, lastName, userName, attributes } = command;
      return createDeveloper(services, acting, { email, firstName, lastName, userName, attributes });
    }
    case 'edit':
      return editDeveloper(services, acting, { key: command.person, seen: undefined, changes: command.changes });
    case 'activate':
      return setStatus(services, acting, { key: command.person, status: 'active', isOneOfMany: false });
    case 'deactivate':
      return setStatus(services, acting, { key: command.person, status: 'inactive', isOneOfMany: false });
    case 'delete':
      return deleteDeveloper(services, acting, { key: command.person, typed: undefined });
  }
}

/** What destroys asks first. Throws Refusal where the operator does not confirm, or nobody is there to ask. */
async function confirm(services: Services, io: CliIo, { action, yes, ...command }: Act): Promise<void> {
  if (yes || (action !== 'delete' && action !== 'deactivate') || !('person' in command)) return;
  const who = safeText(personWords(command.person));
  io.err(
    action === 'delete'
      ? `Deletes ${who} on both sides, for good: the portal user, and the developer with all apps and keys.\n`
      : `Deactivates ${who} on both sides: keys stop working until the developer is active again.\n`,
  );
  for (const words of whatStopsWords(await whatStops(services, [command.person]))) io.err(`${words}\n`);
  const wanted = action === 'delete' ? command.person : 'yes';
  const isSameEmail = (typed: string): boolean => canonicalEmail(typed) === canonicalEmail(wanted);
  await confirmTyped(io, wanted, action === 'delete' ? isSameEmail : undefined);
}

function exitCodeOf(done: PersonAct): ExitCode {
  switch (done.kind) {
    case 'ended':
      return done.state === 'done' || done.state === 'nothing' ? 0 : 2;
    case 'not-found':
      return 3;
    case 'refused':
    case 'invalid':
    case 'conflict':
    case 'not-reached':
      return 1;
  }
}

async function exportAll(
  services: Services,
  io: CliIo,
  { format, output, filter }: Extract<DevelopersCommand, { action: 'export' }>,
): Promise<ExitCode> {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const fields = [format, ...given.map(([name]) => name)];
  const complete = await beginAudited(services, actingAs(io, undefined), { action: 'export-developers', fields });
  try {
    const chunks = exportDevelopers(services, format, filter);
    if (output === undefined) {
      for await (const chunk of chunks) {
        io.out(chunk);
        await io.written?.();
      }
    } else {
      await pipeline(chunks, createWriteStream(resolve(io.cwd, output)));
    }
    await complete({ state: 'done', words: 'written whole' });
    return 0;
  } catch (error) {
    await complete({ state: 'failed', words: 'ended before its end' });
    if (error instanceof ExportBroken) throw new Refusal(safeText(error.message));
    throw error;
  }
}
