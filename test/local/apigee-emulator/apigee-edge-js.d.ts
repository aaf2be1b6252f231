/** What the tests use of a client that has no types. */
declare module 'apigee-edge-js' {
  interface Person {
    readonly email: string;
    readonly firstName?: string;
    readonly lastName?: string;
    readonly userName?: string;
    readonly attributes?: Readonly<Record<string, string>>;
  }

  interface Developers {
    create(options: Person): Promise<unknown>;
    get(options?: Person): Promise<unknown>;
    del(options: Person): Promise<unknown>;
    revoke(options: Person): Promise<unknown>;
    approve(options: Person): Promise<unknown>;
  }

  interface Organization {
    readonly developers: Developers;
  }

  interface ConnectOptions {
    readonly mgmtServer: string;
    readonly org: string;
    readonly token?: string;
    readonly user?: string;
    readonly password?: string;
    readonly no_token?: boolean;
  }

  const client: { readonly apigee: { connect(options: ConnectOptions): Promise<Organization> } };
  export default client;
}
