import { hostname } from 'node:os';
import type { Acting } from '../../shared/operator/actions/audited.ts';
import type { CliIo } from './cli-io.ts';

/** Who acts at this terminal (rule 39): the account of this machine. What Google Cloud lets it do is decided there. */
export function actingAs({ env }: Pick<CliIo, 'env'>, reason: string | undefined): Acting {
  const user = env['USER'] ?? env['LOGNAME'] ?? env['USERNAME'] ?? 'somebody';
  const name = `${user}@${hostname()}`;
  return { operator: { id: `devsync:${name}`, name, role: 'admin' }, reason };
}
