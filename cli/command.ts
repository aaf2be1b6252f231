import type { PersonKey } from '../shared/core/model/email.ts';
import type { ReplayOptions } from '../shared/operator/actions/replay.ts';
import type { ScheduleAction } from '../shared/operator/actions/schedule.ts';
import type { CheckOptions } from './commands/check.ts';
import type { ForgetOptions } from './commands/forget.ts';
import type { HoldsOptions } from './commands/holds.ts';
import type { ScheduleOptions } from './commands/schedule.ts';
import type { SyncRunOptions } from './commands/sync-run.ts';
import type { DevelopersCommand } from './parse-developers.ts';
import type { PlanCommand } from './parse-plan.ts';
import type { RunsCommand } from './parse-runs.ts';

/** Shells that can complete commands. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The command that the arguments ask for. */
export interface Command {
  readonly kind: 'command';
  readonly local: boolean;
  readonly command:
    | ({ readonly name: 'sync' } & SyncRunOptions)
    | { readonly name: 'sync-one'; readonly person: PersonKey; readonly json: boolean }
    | { readonly name: 'status'; readonly json: boolean }
    | { readonly name: 'explain'; readonly person: PersonKey; readonly json: boolean }
    | ({ readonly name: 'holds' } & HoldsOptions)
    | ({ readonly name: 'replay'; readonly reason: string | undefined; readonly json: boolean } & ReplayOptions)
    | RunsCommand
    | ({ readonly name: 'check' } & CheckOptions)
    | PlanCommand
    | ({ readonly name: 'forget' } & ForgetOptions)
    | { readonly name: 'developers'; readonly developers: DevelopersCommand }
    | { readonly name: 'console'; readonly port: number | undefined }
    | { readonly name: 'verify'; readonly limit: number; readonly json: boolean }
    | { readonly name: 'completion'; readonly shell: Shell }
    | ({ readonly name: 'schedule'; readonly action: ScheduleAction } & ScheduleOptions);
}
