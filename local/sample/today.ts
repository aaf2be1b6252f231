import type { DeveloperRecord, DeveloperSeed, EmulatorAdmin } from '../apigee-emulator/server.ts';
import type { PortalData, PortalDocuments } from '../portal-documents.ts';
import { sampleUser } from './yesterday.ts';

/** Two moments of today, ms since the epoch, so that of two edits one is the newer. */
interface Times {
  readonly earlier: number;
  readonly later: number;
}

/** Makes edits on both sides, so that every situation is there that can arise between yesterday's run and the next. */
export async function editToday(apigee: EmulatorAdmin, portal: PortalDocuments, now: number): Promise<void> {
  const times = { earlier: now - 7_200_000, later: now - 3_600_000 };
  editDevelopers(apigee, times);
  await Promise.all(portalEdits(times).map(([id, fields]) => portal.edit(id, fields)));
  await portal.putAll(newUsers(times));
  await Promise.all([portal.delete('quin'), portal.delete('sam')]);
}

function portalEdits({ earlier, later }: Times): readonly (readonly [id: string, fields: PortalData])[] {
  const edited = (at: number, fields: PortalData): PortalData => ({ ...fields, updatedAt: new Date(at) });
  return [
    ['ivy', edited(later, { lastName: 'Ito-Jones' })],
    ['jon', edited(later, { attributes: { team: 'maps', invoice: 'monthly' } })],
    ['kim', edited(later, { status: 'inactive' })],
    ['max', edited(earlier, { firstName: 'Maximilian' })],
    ['nina', edited(later, { attributes: { plan: 'gold' } })],
    ['omar', edited(earlier, { attributes: { plan: 'gold' } })],
    ['pia', edited(later, { email: 'pia.petrov@example.com', firstName: 'Pia-Maria' })],
  ];
}

function newUsers({ earlier, later }: Times): readonly (readonly [id: string, data: PortalData])[] {
  const user = (id: string, email: string, fields: PortalData = {}, at = earlier) =>
    [id, sampleUser({ email, firstName: 'New', lastName: 'User', ...fields, at })] as const;
  const tooMany = Object.fromEntries(Array.from({ length: 19 }, (_, index) => [`attribute${String(index)}`, 'x']));
  return [
    user('tara', "tara.d'arc+api@example.com", { firstName: 'Tara', lastName: "d'Arc" }),
    user('ugo', 'ugo@example.com', { firstName: 'Ugo', lastName: 'Urso', status: 'inactive' }),
    user('vera', 'vera@example.com', { firstName: 'Vera', lastName: '' }),
    user('will', 'will@example.com', { attributes: tooMany }),
    user('xena', 'xena@example.com', { firstName: 'Xena' }),
    user('xena-again', 'Xena@Example.com', { firstName: 'Xena' }),
    user('zoe', 'zoe@example.com', { firstName: 'Zoë', lastName: 'Zeller' }, later),
    user('abe', 'abe@example.com', { firstName: 'Abe', lastName: 'Abel' }, earlier),
    user('yan', 'yan@example.com', { attributes: 'gold' }),
    ['nobody', { firstName: 'No', lastName: 'Email' }],
  ];
}

function editDevelopers(apigee: EmulatorAdmin, { earlier, later }: Times): void {
  const edit = (email: string, at: number, change: Partial<DeveloperRecord>): DeveloperSeed[] => {
    const found = apigee.developer(email);
    return found === undefined ? [] : [{ ...found, ...change, lastModifiedAt: at }];
  };
  const plan = (value: string) => ({ attributes: [{ name: 'plan', value }] });
  const added = (email: string, at: number, fields: Omit<DeveloperSeed, 'email'>): DeveloperSeed => ({
    email,
    createdAt: at,
    ...fields,
  });
  apigee.seed([
    ...edit('lea@example.com', later, plan('gold')),
    ...edit('max@example.com', later, { attributes: [{ name: 'phone', value: '200' }] }),
    ...edit('nina@example.com', earlier, plan('silver')),
    ...edit('omar@example.com', later, plan('silver')),
    added('uma+apigee@example.com', later, { firstName: 'Uma', lastName: 'Urban', attributes: { team: 'ops' } }),
    added('vic@example.com', later, { firstName: 'Vic', lastName: 'Vos', status: 'inactive' }),
    added('zoe@example.com', earlier, { firstName: 'Zoe', lastName: 'Zeller' }),
    added('abe@example.com', later, { firstName: 'Abraham', lastName: 'Abel' }),
  ]);
  apigee.remove('rosa@example.com');
  apigee.remove('sam@example.com');
}
