/** A mistake that somebody in a hurry could have made, and the tests that have to go red for it. */
export interface PlantedDefect {
  /** A sentence saying what the product then does. */
  readonly name: string;
  /** Of the design; none where the defect is about something else that was promised. */
  readonly rules: readonly number[];
  readonly file: string;
  /** Stands exactly once in `file`. */
  readonly find: string;
  readonly replace: string;
  /** Test files, each of which goes red; the quickest first. */
  readonly caughtBy: readonly [string, ...string[]];
}
