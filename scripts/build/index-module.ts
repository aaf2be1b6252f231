/**
 * Text of the module that the Functions Framework loads: it loads the one function that the platform asks for, so that
 * none pays for another's client libraries.
 */
export function indexModule(functions: readonly string[]): string {
  const names = functions.toSorted();
  const entries = names.map((name) => `  '${name}': () => import('./functions/${name}.js'),`);
  return `const functions = {
${entries.join('\n')}
};
const target = process.env.FUNCTION_TARGET ?? '';
if (!Object.hasOwn(functions, target)) {
  throw new Error(\`FUNCTION_TARGET is '\${target}': set it to one of ${names.join(', ')}\`);
}
await functions[target]();
`;
}
