import { z } from 'zod';
import { parseJson } from './wire.ts';

/** What an error answer says. Several parts of Apigee write them, each in a form of its own. */
export interface Envelope {
  /** Apigee's own codes, the most telling one first. */
  readonly codes: readonly string[];
  /** Google's name for the error (`NOT_FOUND`), on X and hybrid. */
  readonly rpcStatus: string | undefined;
  readonly message: string | undefined;
}

const text = z.string().optional().catch(undefined);

/** X and hybrid. Apigee's code is in one of the violations of one of the details. */
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

/** Undefined where `body` has none of the known forms: HTML, broken JSON, nothing. */
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

/** A code is one word. Anything else may hold personal data, and is left out (rule 27). */
function codesOf(code: string | undefined): readonly string[] {
  return code !== undefined && /^[\w.-]{1,120}$/.test(code) ? [code] : [];
}
