import { z } from 'zod';
import type { EmulatorAdmin } from './admin.ts';
import type { Answer } from './answer.ts';
import type { DeveloperRecord, DeveloperSeed } from './developer.ts';
import { faultRuleSchema } from './faults.ts';
import { parseJson } from './json.ts';
import type { RawRequest } from './request.ts';
import { decodeSegment } from './route.ts';
import { settingsChangeSchema } from './settings.ts';
import type { EmulatorState } from './state.ts';

/** The path of the controls: Apigee has nothing under it. */
export const controlPrefix = '/emulator/v1';

const attribute = z.object({ name: z.string(), value: z.string() }).catchall(z.json());
const seedSchema = z.strictObject({
  email: z.string(),
  developerId: z.string().optional(),
  firstName: z.string().nullable().optional(),
  lastName: z.string().nullable().optional(),
  userName: z.string().nullable().optional(),
  status: z.string().optional(),
  attributes: z.union([z.array(attribute), z.record(z.string(), z.string())]).optional(),
  others: z.record(z.string(), z.json()).optional(),
  apps: z.array(z.string()).optional(),
  companies: z.array(z.string()).optional(),
  createdAt: z.number().optional(),
  lastModifiedAt: z.number().optional(),
  createdBy: z.string().optional(),
  lastModifiedBy: z.string().optional(),
});
const seedsSchema = z.strictObject({ developers: z.array(seedSchema) });

/** The routes of README.md. */
export function control(request: RawRequest, admin: EmulatorAdmin, state: EmulatorState): Answer {
  if (request.body.kind === 'too-large') return json(413, { error: `more than ${request.body.limit} bytes` });
  const body = request.body.text;
  const [name = '', ...more] = request.path.slice(controlPrefix.length + 1).split('/');
  if (name === 'developers' && more.length === 1 && more[0]) return oneDeveloper(request.method, more[0], admin);
  if (more.length > 0) return unknown;
  switch (`${request.method} ${name}`) {
    case 'GET ':
      return json(200, { mode: state.mode, org: state.org });
    case 'GET developers':
      return json(200, { developers: admin.developers() });
    case 'POST developers':
      return withBody(seedsSchema, body, (seeds) =>
        json(200, { seeded: admin.seed(seeds.developers.map(withoutUndefined)) }),
      );
    case 'DELETE developers':
      admin.clear();
      return done;
    case 'GET counters':
      return json(200, admin.counters());
    case 'DELETE counters':
      admin.resetCounters();
      return done;
    case 'GET settings':
      return json(200, admin.settings());
    case 'PATCH settings':
      return withBody(settingsChangeSchema, body, () => json(200, state.configure(JSON.parse(body))));
    case 'GET faults':
      return json(200, { faults: admin.faults() });
    case 'POST faults':
      return withBody(faultRuleSchema, body, (rule) => {
        state.faults.add(rule);
        return json(200, { faults: admin.faults() });
      });
    case 'DELETE faults':
      admin.clearFaults();
      return done;
    case 'POST reset':
      admin.reset();
      return done;
    default:
      return unknown;
  }
}

function oneDeveloper(method: string, encoded: string, admin: EmulatorAdmin): Answer {
  const id = decodeSegment(encoded);
  const record: DeveloperRecord | undefined = id === undefined ? undefined : admin.developer(id);
  if (!record) return json(404, { error: 'no such developer' });
  if (method === 'GET') return json(200, record);
  if (method !== 'DELETE') return unknown;
  admin.remove(record.email);
  return done;
}

function withBody<S extends z.ZodType>(schema: S, body: string, use: (value: z.output<S>) => Answer): Answer {
  const parsed = parseJson(body);
  if (!parsed.ok) return json(400, { error: parsed.problem });
  const checked = schema.safeParse(parsed.value);
  return checked.success ? use(checked.data) : json(400, { error: z.prettifyError(checked.error) });
}

/** Without the members that are undefined: those would hide the default. */
function withoutUndefined(seed: z.output<typeof seedSchema>): DeveloperSeed {
  const { email, ...rest } = seed;
  return { email, ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) };
}

const done: Answer = { status: 204, headers: {}, body: '' };
const unknown: Answer = json(404, { error: 'no such control; see local/apigee-emulator/README.md' });

function json(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
