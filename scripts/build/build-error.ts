/** The build cannot go on. The message says why, and what to do where that is known. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}
