import { z } from 'zod';
import { parseJson } from './wire.ts';

/** What an error answer says, whichever part of Apigee wrote it. */
export interface Envelope {
  /** Apigee's own codes, the most telling one first. */
  readonly codes: readonly string[];
  /** Google's name for the error (`NOT_FOUND`), on X and hybrid. */
  readonly rpcStatus: string | undefined;
  readonly message: string | undefined;
}

const text = z.string().optional().catch(undefined);

/** X, hybrid. Apigee's code stands in a violation, of any of the details. */
const googleSchema = z.object({
  error: z.object({ message: text, status: text, details: z.array(z.unknown()).catch([]) }),
});

const detailSchema = z.object({
  violations: z.array(z.unknown()).catch([]),
  reason: text,
});

const violationSchema = z.object({ type: z.string().min(1) });

/** Edge's gateway. */
const faultSchema = z.object({
  fault: z.object({ faultstring: text, detail: z.object({ errorcode: text }).optional().catch(undefined) }),
});

/** Edge's login. */
const loginSchema = z.object({ error: z.string(), error_description: text });

/** Edge. Its `code` may be missing and its `message` anything. */
const edgeSchema = z
  .object({ code: text, message: z.unknown() })
  .refine((it) => it.code !== undefined || it.message !== undefined);

/** Undefined where `body` is none of the envelopes known: HTML, broken or empty. */
export function readEnvelope(body: string): Envelope | undefined {
  const json = parseJson(body);
  const google = googleSchema.safeParse(json).data?.error;
  if (google !== undefined) {
    return { codes: detailCodes(google.details), rpcStatus: google.status, message: google.message };
  }
  const fault = faultSchema.safeParse(json).data?.fault;
  if (fault !== undefined) {
    return { codes: codesOf(fault.detail?.errorcode), rpcStatus: undefined, message: fault.faultstring };
  }
  const login = loginSchema.safeParse(json).data;
  if (login !== undefined) {
    return { codes: codesOf(login.error), rpcStatus: undefined, message: login.error_description };
  }
  const edge = edgeSchema.safeParse(json).data;
  if (edge === undefined) return undefined;
  const { code, message } = edge;
  return { codes: codesOf(code), rpcStatus: undefined, message: typeof message === 'string' ? message : undefined };
}

function detailCodes(details: readonly unknown[]): readonly string[] {
  const parsed = details.map((detail) => detailSchema.safeParse(detail).data);
  const violations = parsed.flatMap((detail) => detail?.violations ?? []);
  const types = violations.map((violation) => violationSchema.safeParse(violation).data?.type);
  return [...types, ...parsed.map((detail) => detail?.reason)].flatMap(codesOf);
}

/** A code is one word; anything else may hold what must not be logged. */
function codesOf(code: string | undefined): readonly string[] {
  return code !== undefined && /^[\w.-]{1,120}$/.test(code) ? [code] : [];
}
