/** Every reason to refuse a call, before `errors-x.ts` or `errors-edge.ts` puts it into the words of its flavour. */
export type Failure =
  /** `by`: Apigee has one code for reads and deletes and another for updates. */
  | { readonly kind: 'developer-missing'; readonly id: string; readonly by: 'id' | 'update' }
  | { readonly kind: 'developer-exists'; readonly email: string }
  | { readonly kind: 'start-key-missing'; readonly key: string }
  | { readonly kind: 'attribute-missing'; readonly name: string }
  | { readonly kind: 'elements-required' }
  | { readonly kind: 'email-not-lowercase' }
  | { readonly kind: 'email-malformed'; readonly email: string }
  | { readonly kind: 'name-mismatch' }
  | { readonly kind: 'too-many-attributes'; readonly limit: number }
  | { readonly kind: 'attribute-refused'; readonly name: string }
  | { readonly kind: 'invalid-action'; readonly action: string | undefined }
  | { readonly kind: 'invalid-argument'; readonly message: string }
  | { readonly kind: 'unknown-parameter'; readonly name: string }
  | { readonly kind: 'unknown-member'; readonly name: string; readonly at: string }
  | { readonly kind: 'malformed-json'; readonly problem: string }
  | { readonly kind: 'body-too-large'; readonly limit: number }
  | { readonly kind: 'unauthenticated' }
  | { readonly kind: 'forbidden'; readonly organization: string }
  | { readonly kind: 'quota-exceeded' }
  | { readonly kind: 'server-error'; readonly status: 500 | 502 | 503 | 504 }
  | { readonly kind: 'unknown-path'; readonly path: string };
