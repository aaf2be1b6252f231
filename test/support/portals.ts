/** A portal as people have it: documents by id, and what their owners are in Apigee once they are synchronised. */
export interface ExistingPortal {
  readonly name: string;
  readonly documents: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly developers: readonly ExpectedDeveloper[];
  /** What Apigee's `tier` becomes on the portal where it is set to `gold`: the field and its value. */
  readonly edited: Readonly<Record<string, unknown>>;
  /** Which attribute is edited. */
  readonly attribute: string;
}

export interface ExpectedDeveloper {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly status: 'active' | 'inactive';
  readonly attributes: Readonly<Record<string, string>>;
}

const http = 'Tue, 02 Jan 2024 03:04:05 GMT';

/** Four shapes that are usual with Firebase. */
export const firebasePortals: readonly ExistingPortal[] = [
  {
    name: 'one display name, a switch for blocked people, attributes as Apigee has them',
    documents: {
      Zk3v0q: {
        email: 'Grace@Example.com',
        displayName: 'Grace Brewster Hopper',
        photoURL: null,
        disabled: false,
        role: 'developer',
        attributes: [
          { name: 'company', value: 'Navy', source: 'form' },
          { name: 'seats', value: 5 },
        ],
        createdAt: http,
        metadata: { lastSignInTime: http },
      },
      aB8x1p: { email: 'cher@example.com', displayName: 'Cher', disabled: true, role: 'developer', createdAt: http },
    },
    developers: [
      { email: 'cher@example.com', firstName: 'Cher', lastName: '–', status: 'inactive', attributes: {} },
      {
        email: 'grace@example.com',
        firstName: 'Grace Brewster',
        lastName: 'Hopper',
        status: 'active',
        attributes: { company: 'Navy', seats: '5' },
      },
    ],
    attribute: 'company',
    edited: {
      attributes: [
        { name: 'company', value: 'gold', source: 'form' },
        { name: 'seats', value: 5 },
      ],
    },
  },
  {
    name: 'the email as id, nested profiles, a map of mixed attributes',
    documents: {
      'ada@example.com': {
        profile: { first_name: 'Ada', last_name: 'King' },
        state: 'approved',
        attributes: { seats: 5, beta: true, tags: ['a', 'b'], limits: { day: 10 } },
        updated_at: 1_704_164_645,
      },
      'bob@example.com': {
        profile: { first_name: 'Bob', last_name: 'Ross' },
        state: 'blocked',
        attributes: { seats: 1 },
        updated_at: 1_704_164_645_000,
      },
    },
    developers: [
      {
        email: 'ada@example.com',
        firstName: 'Ada',
        lastName: 'King',
        status: 'active',
        attributes: { seats: '5', beta: 'true', tags: '["a","b"]', limits: '{"day":10}' },
      },
      {
        email: 'bob@example.com',
        firstName: 'Bob',
        lastName: 'Ross',
        status: 'inactive',
        attributes: { seats: '1' },
      },
    ],
    attribute: 'tags',
    edited: { attributes: { seats: 5, beta: true, tags: ['c'], limits: { day: 10 } } },
  },
  {
    name: 'random ids, legacy fields beside new ones, times of every kind',
    documents: {
      u1: {
        mail: 'old@former.example',
        contact: { email: 'eve@example.com' },
        fullName: 'Adams, Eve',
        name: 7,
        isActive: true,
        customAttributes: { plan: 'free' },
        lastModified: { seconds: 1_704_164_645, nanoseconds: 0 },
        createdAt: new Date(1_704_164_645_000),
      },
      u2: {
        contact: { email: 'dan@example.com' },
        fullName: 'Dan Brown Jr.',
        isActive: false,
        customAttributes: { plan: 'pro', since: new Date(1_704_164_645_000) },
        lastModified: 'tomorrow',
        createdAt: new Date(1_704_164_645_000),
      },
    },
    developers: [
      {
        email: 'dan@example.com',
        firstName: 'Dan',
        lastName: 'Brown Jr.',
        status: 'inactive',
        attributes: { plan: 'pro', since: '2024-01-02T03:04:05.000Z' },
      },
      { email: 'eve@example.com', firstName: 'Eve', lastName: 'Adams', status: 'active', attributes: { plan: 'free' } },
    ],
    attribute: 'plan',
    edited: { customAttributes: { plan: 'gold' } },
  },
  {
    name: 'names by themselves, some without a last one, no attributes, an update time in words',
    documents: {
      p1: {
        email: 'ivy@example.com',
        givenName: 'Ivy',
        familyName: 'Low',
        status: 'Enabled',
        updatedAt: '2024-03-02 03:04:05',
      },
      p2: { email: 'jo@example.com', givenName: 'Jo', familyName: null, status: 'Disabled', updatedAt: http },
      p3: { email: 'kim@example.com', givenName: 'Kim', familyName: 'Lee', updatedAt: http },
    },
    developers: [
      { email: 'ivy@example.com', firstName: 'Ivy', lastName: 'Low', status: 'active', attributes: {} },
      { email: 'jo@example.com', firstName: 'Jo', lastName: '–', status: 'inactive', attributes: {} },
      { email: 'kim@example.com', firstName: 'Kim', lastName: 'Lee', status: 'active', attributes: {} },
    ],
    attribute: 'none',
    edited: {},
  },
];
