import { GeoPoint } from '@google-cloud/firestore';
import { moment, type ExistingPortal } from './existing-portal.ts';

const since = '2024-01-02T03:04:05.000Z';
const later = '2024-02-02T03:04:05.000Z';
const asMap = { seconds: moment / 1000, nanoseconds: 0 };

/** Shapes with several types in one field, and with what only Firestore has. */
export const mixedPortals: readonly ExistingPortal[] = [
  {
    name: 'several types in one field, and a time in a form of its own for everybody',
    documents: {
      x1: {
        email: 'amy@example.com',
        fullName: 'Amy Lou Wood',
        disabled: false,
        plan: { seats: '5', beta: 'yes', ends: since, price: 9.5 },
        phone: 4_420_123,
        modified: since,
      },
      x2: {
        email: 'ben@example.com',
        fullName: 'Ben Hur',
        plan: { seats: 7, beta: true, ends: moment },
        phone: '+44 20',
        modified: moment,
      },
      x3: {
        email: 'cal@example.com',
        fullName: 'Cal Ripken',
        disabled: true,
        plan: { seats: null, beta: false, ends: new Date(moment) },
        modified: new Date(moment),
      },
      x4: {
        email: 'dot@example.com',
        fullName: 'Dot Cotton',
        plan: { ends: asMap, history: [{ at: asMap, seats: 1 }] },
        modified: asMap,
      },
    },
    mapping: {
      email: 'email',
      firstName: { path: 'fullName', split: 'first', default: '–', trim: true },
      lastName: { path: 'fullName', split: 'last', default: '–', trim: true },
      userName: null,
      status: { path: 'disabled', values: { active: false, inactive: true }, default: 'active' },
      attributes: {
        seats: { path: 'plan.seats', type: 'number' },
        beta: { path: 'plan.beta', values: { true: [true, 'yes'], false: [false, 'no'] } },
        ends: { path: 'plan.ends', type: 'time' },
        phone: 'phone',
      },
      updatedAt: 'modified',
      passwordHash: null,
      passwordResetRequired: null,
    },
    adds: ['attributes'],
    developers: [
      {
        email: 'amy@example.com',
        firstName: 'Amy Lou',
        lastName: 'Wood',
        status: 'active',
        attributes: { seats: '5', beta: 'true', ends: since, phone: '4420123' },
      },
      {
        email: 'ben@example.com',
        firstName: 'Ben',
        lastName: 'Hur',
        status: 'active',
        attributes: { seats: '7', beta: 'true', ends: since, phone: '+44 20' },
      },
      {
        email: 'cal@example.com',
        firstName: 'Cal',
        lastName: 'Ripken',
        status: 'inactive',
        attributes: { beta: 'false', ends: since },
      },
      {
        email: 'dot@example.com',
        firstName: 'Dot',
        lastName: 'Cotton',
        status: 'active',
        attributes: { ends: since },
      },
    ],
    portalEdit: {
      id: 'x2',
      fields: { phone: 4420, plan: { seats: 8, beta: 'no', ends: new Date(later) } },
      email: 'ben@example.com',
      becomes: { attributes: { seats: '8', beta: 'false', ends: later, phone: '4420' } },
    },
    apigeeEdit: {
      email: 'amy@example.com',
      developer: { attributes: { seats: '6', ends: later, phone: '4420124' } },
      id: 'x1',
      becomes: { plan: { seats: '6', beta: 'yes', ends: later, price: 9.5 }, phone: 4_420_124 },
    },
    registers: {
      id: 'x5',
      document: { email: 'eli@example.com', fullName: 'Eli Roth', plan: { ends: moment } },
      developer: {
        email: 'eli@example.com',
        firstName: 'Eli',
        lastName: 'Roth',
        status: 'active',
        attributes: { ends: since },
      },
    },
    arrives: {
      attributes: { seats: '2', beta: 'true', ends: since, phone: '1' },
      document: { fullName: 'New Comer', disabled: true, plan: { seats: 2, beta: true }, phone: '1' },
    },
  },
  {
    name: 'a nested account, roles, verified emails: only some of its users are developers',
    documents: {
      Hq8: {
        account: {
          email: 'ann@example.com',
          emailVerified: true,
          profile: { givenName: 'Ann', familyName: 'Lee' },
        },
        state: 'Active',
        roles: ['dev', 'admin'],
        attributes: { company: 'Acme', seats: 2 },
        metadata: { updatedAt: asMap, visits: 17 },
      },
      Jk2: {
        account: {
          email: 'bob@example.com',
          emailVerified: true,
          profile: { givenName: 'Bob', familyName: 'Ray' },
        },
        state: 'Blocked',
        roles: { dev: true, admin: false },
        metadata: { updatedAt: asMap },
      },
      Lm3: {
        account: {
          email: 'reader@example.com',
          emailVerified: true,
          profile: { givenName: 'Rea', familyName: 'Der' },
        },
        state: 'Active',
        roles: ['reader'],
        metadata: { updatedAt: asMap },
      },
      Np4: {
        account: {
          email: 'late@example.com',
          emailVerified: false,
          profile: { givenName: 'La', familyName: 'Te' },
        },
        state: 'Active',
        roles: ['dev'],
        metadata: { updatedAt: asMap },
      },
    },
    mapping: {
      email: 'account.email',
      firstName: 'account.profile.givenName',
      lastName: 'account.profile.familyName',
      userName: null,
      status: { path: 'state', values: { active: ['Active'], inactive: ['Blocked'] } },
      attributes: 'attributes',
      updatedAt: 'metadata.updatedAt',
      passwordHash: null,
      passwordResetRequired: null,
      emailVerified: 'account.emailVerified',
      onCreate: { roles: ['dev'] },
    },
    adds: ['onCreate'],
    select: 'roles has "dev"',
    developers: [
      {
        email: 'ann@example.com',
        firstName: 'Ann',
        lastName: 'Lee',
        status: 'active',
        attributes: { company: 'Acme', seats: '2' },
      },
      { email: 'bob@example.com', firstName: 'Bob', lastName: 'Ray', status: 'inactive', attributes: {} },
    ],
    portalEdit: {
      id: 'Jk2',
      fields: { state: 'Active', attributes: { company: 'Bobs' } },
      email: 'bob@example.com',
      becomes: { status: 'active', attributes: { company: 'Bobs' } },
    },
    apigeeEdit: {
      email: 'ann@example.com',
      developer: { lastName: 'Leigh', attributes: { seats: '3' } },
      id: 'Hq8',
      becomes: {
        account: {
          email: 'ann@example.com',
          emailVerified: true,
          profile: { givenName: 'Ann', familyName: 'Leigh' },
        },
        attributes: { company: 'Acme', seats: 3 },
      },
    },
    registers: {
      id: 'Qr5',
      document: {
        account: {
          email: 'cyd@example.com',
          emailVerified: true,
          profile: { givenName: 'Cyd', familyName: 'Fox' },
        },
        state: 'Active',
        roles: ['dev'],
      },
      developer: { email: 'cyd@example.com', firstName: 'Cyd', lastName: 'Fox', status: 'active', attributes: {} },
    },
    arrives: {
      attributes: { company: 'Newco' },
      document: {
        account: { profile: { givenName: 'New', familyName: 'Comer' } },
        state: 'Blocked',
        roles: ['dev'],
        attributes: { company: 'Newco' },
      },
    },
  },
  {
    name: 'family and given name with a comma, and beside the users what only Firestore has',
    documents: {
      '0b9c3e7a': {
        contact: { mail: 'ivo@example.com', phones: ['+1', '+2'] },
        name: 'Andrić, Ivo',
        attrs: { tier: 'gold', limits: { day: 10 }, teams: [{ id: 1, name: 'core' }] },
        updated: new Date(moment),
        avatar: Buffer.from([0, 255, 128]),
        home: new GeoPoint(44.8, 20.4),
        counters: { calls: 1.5, big: Number.MAX_SAFE_INTEGER, none: null, list: [], empty: {} },
      },
      '7d1f2a90': {
        contact: { mail: 'mia@example.com' },
        name: 'Farrow, Mia',
        updated: new Date(moment),
        legacy_name: 'mia f',
      },
    },
    mapping: {
      email: 'contact.mail',
      firstName: { path: 'name', split: 'first', default: '–', trim: true },
      lastName: { path: 'name', split: 'last', default: '–', trim: true },
      userName: null,
      status: null,
      attributes: 'attrs',
      updatedAt: 'updated',
      passwordHash: null,
      passwordResetRequired: null,
    },
    adds: [],
    developers: [
      {
        email: 'ivo@example.com',
        firstName: 'Ivo',
        lastName: 'Andrić',
        status: 'active',
        attributes: { tier: 'gold', limits: '{"day":10}', teams: '[{"id":1,"name":"core"}]' },
      },
      { email: 'mia@example.com', firstName: 'Mia', lastName: 'Farrow', status: 'active', attributes: {} },
    ],
    portalEdit: {
      id: '7d1f2a90',
      fields: { name: 'Farrow Previn, Mia', attrs: { tier: 'free' } },
      email: 'mia@example.com',
      becomes: { lastName: 'Farrow Previn', attributes: { tier: 'free' } },
    },
    apigeeEdit: {
      email: 'ivo@example.com',
      developer: { firstName: 'Ivan', attributes: { limits: '{"day":20}' } },
      id: '0b9c3e7a',
      becomes: {
        name: 'Andrić, Ivan',
        attrs: { tier: 'gold', limits: { day: 20 }, teams: [{ id: 1, name: 'core' }] },
      },
    },
    registers: {
      id: '9a8b7c6d',
      document: { contact: { mail: 'pia@example.com' }, name: 'Zadora, Pia' },
      developer: { email: 'pia@example.com', firstName: 'Pia', lastName: 'Zadora', status: 'active', attributes: {} },
    },
    arrives: {
      attributes: { tier: 'free' },
      document: { name: 'New Comer', attrs: { tier: 'free' } },
    },
  },
];
