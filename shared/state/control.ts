/** One document for the whole installation. Full and incremental runs have watermarks of their own. */
export interface Control {
  readonly activeRunId: string | undefined;
  /** Whether the active run is one that was approved, and goes on behind its gate. */
  readonly behindGate: boolean;
  readonly lastFull: Watermark | undefined;
  readonly lastIncremental: Watermark | undefined;
  readonly outside: Outside | undefined;
  /** Rule 38. Undefined before the first use, and where an earlier version wrote the document. */
  readonly owner: StateOwner | undefined;
  /** Rule 33: while it is there, no flow writes to either side. */
  readonly stopped: Stopped | undefined;
}

/** That an operator stopped every write. */
export interface Stopped {
  /** Ms since the epoch. */
  readonly at: number;
  /** The operator, by name. */
  readonly by: string;
  readonly reason: string | undefined;
}

/** Which organisation and which portal's collection the whole state is about, as the settings name them. */
export interface StateOwner {
  readonly type: 'x' | 'hybrid' | 'edge';
  readonly org: string;
  readonly project: string;
  readonly database: string;
  readonly collection: string;
}

/**
 * Links with a developer whom PORTAL_FILTER does not select, as the last search counted them: no listing of a run shows
 * them.
 */
export interface Outside {
  /** Stands for the settings by which these developers are not selected. */
  readonly scope: string;
  readonly links: number;
}

export interface Watermark {
  readonly runId: string;
  /** Stands for the settings that the run had; undefined where an earlier version wrote the watermark. */
  readonly scope: string | undefined;
  readonly startedAt: number;
  readonly finishedAt: number;
}
