// Plain JavaScript, which any Node can read: everything else is TypeScript, which only Node.js 24 runs as it is.
import module from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const oldest = 24;

/**
 * Runs a program of ours, or says what is needed for it. What Node compiles is kept within the project for the next time.
 *
 * @param {string} name what the program is called
 * @param {() => Promise<unknown>} program
 */
export async function runOnSuitableNode(name, program) {
  if (Number.parseInt(process.versions.node, 10) >= oldest) {
    module.enableCompileCache?.(fileURLToPath(new URL('../../node_modules/.cache/devsync', import.meta.url)));
    await program();
    return;
  }
  process.stderr.write(
    `${name} needs Node.js ${String(oldest)} or newer, and this is ${process.version}. npm start and npx devsync bring their own;\n` +
      'where npm does not run install scripts, get it with: npm rebuild node --ignore-scripts=false\n',
  );
  process.exitCode = 1;
}
