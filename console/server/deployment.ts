import { ConfigError } from '../../shared/config/config.ts';
import type { ScheduleJobs } from '../../shared/operator/actions/schedule.ts';
import { readRoleLists, type RoleLists } from './guard/roles.ts';

/** What the deployed console is told besides the product's own settings. */
export interface Deployment {
  readonly port: number;
  readonly audience: string;
  readonly roles: RoleLists;
  /** Whether the console's account may write to Apigee. */
  readonly editDevelopers: boolean;
  /** Of the schedule; undefined: there is none. */
  readonly location: string | undefined;
  readonly jobs: ScheduleJobs;
  /** Folder of the built page. */
  readonly page: string;
}

/** Variables of the deployed console, each with its default where it has one. */
export const consoleVariables = {
  PORT: '8080',
  CONSOLE_IAP_AUDIENCE: undefined,
  CONSOLE_VIEWERS: '',
  CONSOLE_OPERATORS: '',
  CONSOLE_ADMINS: '',
  CONSOLE_EDIT_DEVELOPERS: 'false',
  CONSOLE_SCHEDULE_LOCATION: '',
  CONSOLE_INCREMENTAL_JOB: 'developer-sync-incremental',
  CONSOLE_FULL_JOB: 'developer-sync-full',
  CONSOLE_PAGE: 'page',
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads what the deployed console is told. Without an IAP audience it does not start: nobody may come to serve it to
 * everyone by leaving a variable out. Throws ConfigError.
 */
export function readDeployment(env: Environment): Deployment {
  const given = (name: keyof typeof consoleVariables): string => env[name] || (consoleVariables[name] ?? '');
  const audience = given('CONSOLE_IAP_AUDIENCE');
  if (!/^\/projects\/[\w-]+\/.+/u.test(audience))
    throw new ConfigError(
      'CONSOLE_IAP_AUDIENCE is not set, or wrong: set it to /projects/NUMBER/locations/REGION/services/SERVICE. Without IAP, use devsync console',
    );
  const port = Number(given('PORT'));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new ConfigError('PORT is wrong: set it to a port');
  const edit = given('CONSOLE_EDIT_DEVELOPERS');
  if (edit !== 'true' && edit !== 'false')
    throw new ConfigError('CONSOLE_EDIT_DEVELOPERS is wrong: set it to true or false');
  const location = given('CONSOLE_SCHEDULE_LOCATION');
  return {
    port,
    audience,
    roles: readRoleLists(env),
    editDevelopers: edit === 'true',
    location: location === '' ? undefined : location,
    jobs: { incrementalJob: given('CONSOLE_INCREMENTAL_JOB'), fullJob: given('CONSOLE_FULL_JOB') },
    page: given('CONSOLE_PAGE'),
  };
}
