import { existenceOf, happened, isPutBack } from './ledger.ts';
import { mayGoUnheard, type Case } from './case.ts';

/** Who is there: nobody vanishes or comes back but by an edit or a policy (rules 3, 15). */
export function judgeExistence(found: Case): void {
  const { world, email, before, after, fail } = found;
  const { ledger } = world;
  const did = (side: 'portal' | 'apigee', kind: 'create' | 'delete'): boolean => happened(ledger, email, side, kind);
  const deleted = did('portal', 'delete') || did('apigee', 'delete');
  const [user] = after.users;
  const [developer] = after.developers;

  if (!deleted) {
    for (const { id } of before.users) if (!after.users.some((one) => one.id === id)) fail('the portal user vanished');
    for (const { developerId } of before.developers)
      if (!after.developers.some((one) => one.developerId === developerId)) fail('the developer vanished');
  }
  const events = existenceOf(ledger, email);
  const last = (side: 'portal' | 'apigee') => events.findLast((event) => event.side === side)?.kind;
  // A developer of somebody who was deleted before the product ever saw them is nobody's in particular.
  const wasKnown = before.link?.base !== undefined || before.developers.length === 0;
  const isBack = after.users.some(({ id }) => isOfOurMaking(id) && !before.users.some((one) => one.id === id));
  if (last('portal') === 'delete' && !did('apigee', 'create') && wasKnown && isBack)
    fail('the portal user came back by itself');
  if (last('portal') === 'create' && !did('apigee', 'delete') && user === undefined)
    fail('the new portal user vanished');
  if (last('apigee') === 'create' && !did('portal', 'delete') && developer === undefined)
    fail('the new developer vanished');
  judgeApart(found);
  judgePortalDeleted(found);
  judgeDeveloperDeleted(found);
}

/** Ids that a process of the product gave out. */
function isOfOurMaking(userId: string): boolean {
  return /^[a-z]+\d+\.\d+$/.test(userId);
}

/** Whoever is on one side only is so for a reason (rule 3). */
function judgeApart({ world, email, after, fail }: Case): void {
  const { link, users, developers } = after;
  const { settings, everDeleted } = world;
  if (link?.failure !== undefined || link?.hold !== undefined) return;
  if (users.length > 0 && developers.length === 0) {
    const policy = settings.apigeeDelete === 'deactivate' && everDeleted.apigee.has(email);
    if (!policy) fail('there is no developer (rule 3)');
  }
  if (users.length === 0 && developers.length > 0 && !everDeleted.portal.has(email))
    fail('there is no portal user (rule 3)');
}

/** PORTAL_DELETE_POLICY, where nothing else happened to somebody who was in step. */
function judgePortalDeleted({ world, email, before, after, fail }: Case): void {
  const { ledger, settings } = world;
  const events = existenceOf(ledger, email);
  if (events.some(({ side }) => side === 'apigee') || events.at(-1)?.kind !== 'delete') return;
  // Of somebody who was never seen in step nothing is taken in Apigee, and nothing from a second developer.
  if (before.link?.base === undefined || before.developers.length !== 1) return;
  // Of a registration that was never in step the developer stays, also one whom an unheard call made for it.
  if (events.some(({ kind }) => kind === 'create') && mayGoUnheard(world)) return;
  // Another portal user with the email takes the place of the one who went.
  if (before.users.length !== 1) return;
  const [developer] = after.developers;
  if (isPutBack(ledger, email, 'status')) return;
  switch (settings.portalDelete) {
    case 'keep':
      if (developer === undefined) fail('PORTAL_DELETE_POLICY=keep did not keep the developer');
      break;
    case 'deactivate':
      if (developer === undefined) fail('PORTAL_DELETE_POLICY=deactivate deleted the developer');
      if (
        developer?.status === 'active' &&
        !ledger.status.some((entry) => entry.email === email && entry.side === 'apigee')
      )
        fail('PORTAL_DELETE_POLICY=deactivate left the developer active');
      break;
    case 'delete':
      if (developer !== undefined) fail('PORTAL_DELETE_POLICY=delete left the developer');
      break;
  }
}

/** APIGEE_DELETE_POLICY, where nothing else happened to somebody who was in step. */
function judgeDeveloperDeleted({ world, email, before, after, fail }: Case): void {
  const { ledger, settings } = world;
  const events = existenceOf(ledger, email);
  if (events.some(({ side }) => side === 'portal') || events.at(-1)?.kind !== 'delete') return;
  // Whoever was made anew and deleted again may never have been in step.
  if (events.length > 1) return;
  if (before.link?.base === undefined || before.users.length !== 1 || before.link.hold !== undefined) return;
  const [user] = after.users;
  const [developer] = after.developers;
  const refused = after.link?.failure !== undefined;
  const isDeveloperBack = developer !== undefined;
  if (isDeveloperBack !== (settings.apigeeDelete === 'recreate') && !refused)
    fail(`APIGEE_DELETE_POLICY=${settings.apigeeDelete}: the developer is ${isDeveloperBack ? '' : 'not '}there`);
  if ((user === undefined) !== (settings.apigeeDelete === 'delete') && !refused)
    fail(`APIGEE_DELETE_POLICY=${settings.apigeeDelete}: the portal user is ${user === undefined ? 'not ' : ''}there`);
  if (settings.apigeeDelete === 'hold' && after.link?.hold?.reason !== 'developer-deleted')
    fail('nobody is told to decide');
  if (isPutBack(ledger, email, 'status')) return;
  const edited = ledger.status.some((entry) => entry.email === email && entry.side === 'portal');
  if (settings.apigeeDelete === 'deactivate' && !edited && user?.data['status'] !== 'inactive')
    fail('APIGEE_DELETE_POLICY=deactivate left the portal user active');
}
