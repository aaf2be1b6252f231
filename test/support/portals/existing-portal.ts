export type Document = Readonly<Record<string, unknown>>;

/** A portal as people have it, what to set for it, and what becomes of its users. */
export interface ExistingPortal {
  readonly name: string;
  readonly documents: Readonly<Record<string, Document>>;
  /** PORTAL_MAPPING as its team would set it. */
  readonly mapping: Readonly<Record<string, unknown>>;
  /** The keys of it that no sample can tell: the others are as `devsync check` proposes them. */
  readonly adds: readonly string[];
  /** PORTAL_SELECT. */
  readonly select?: string;
  /** By email. The first one is in Apigee before anything is synchronised. */
  readonly developers: readonly ExpectedDeveloper[];
  readonly portalEdit: PortalEdit;
  readonly apigeeEdit: ApigeeEdit;
  /** Somebody who registers on the portal afterwards. */
  readonly registers: { readonly id: string; readonly document: Document; readonly developer: ExpectedDeveloper };
  /** What somebody who registers in Apigee has there, and what of it is on the portal; times are left out. */
  readonly arrives: { readonly attributes: Readonly<Record<string, string>>; readonly document: Document };
}

export interface ExpectedDeveloper {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly status: 'active' | 'inactive';
  readonly attributes: Readonly<Record<string, string>>;
}

/** The portal saves a document with these fields instead of those it had, and that is what the developer becomes. */
interface PortalEdit {
  readonly id: string;
  readonly fields: Document;
  readonly email: string;
  readonly becomes: Partial<ExpectedDeveloper>;
}

/** Somebody saves a developer with these names and attributes; those left out stay. */
interface ApigeeEdit {
  readonly email: string;
  readonly developer: Partial<Pick<ExpectedDeveloper, 'firstName' | 'lastName' | 'attributes'>>;
  readonly id: string;
  /** The fields of the document that are other ones afterwards. */
  readonly becomes: Document;
}

/** 2 January 2024, 03:04:05 UTC. */
export const moment = 1_704_164_645_000;
export const http = new Date(moment).toUTCString();
