import { join } from 'node:path';
import packedChromium from '@sparticuz/chromium';
import { builtConsolePage } from '../../../scripts/build/console-page.ts';

/** Unpacks the browser and builds the page, once before all files: two workers at the same time would get in their way. */
export async function setup(): Promise<void> {
  await packedChromium.executablePath();
  await builtConsolePage(join(import.meta.dirname, '..', '..', '..'));
}
