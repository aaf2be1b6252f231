import { isBuiltin } from 'node:module';
import { BuildError } from './build-error.ts';

const imports = [
  /^(?:import|export)\s[^'"]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^import\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
];
const hidden = /\bimport\((?!\s*['"][^'"]+['"]\s*\))|\brequire\(|\bcreateRequire\b/;

/**
 * Names of the packages that compiled modules import, sorted, each once.
 * Throws BuildError for an import whose package cannot be read off the text.
 */
export function importedPackages(modules: Iterable<string>): readonly string[] {
  const names = new Set<string>();
  for (const text of modules) {
    const unreadable = hidden.exec(text);
    if (unreadable !== null)
      throw new BuildError(`Cannot tell what is imported here: ${lineAt(text, unreadable.index)}`);
    for (const specifier of imports.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''))) {
      if (!specifier.startsWith('.') && !isBuiltin(specifier)) names.add(packageOf(specifier));
    }
  }
  return [...names].toSorted();
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function lineAt(text: string, index: number): string {
  const end = text.indexOf('\n', index);
  return text.slice(text.lastIndexOf('\n', index) + 1, end === -1 ? undefined : end).trim();
}
