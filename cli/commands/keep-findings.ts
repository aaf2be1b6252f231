import type { Finding } from '../../shared/verify/finding.ts';

export interface KeptFindings {
  readonly add: (finding: Finding) => void;
  /** At most `limit` in all, the unexplained first. */
  readonly kept: () => readonly Finding[];
}

/** Keeps as many findings as are shown, however many there are. */
export function keepFindings(limit: number): KeptFindings {
  const unexplained: Finding[] = [];
  const explained: Finding[] = [];
  return {
    add(finding) {
      const list = finding.because.kind === 'unexplained' ? unexplained : explained;
      if (list.length < limit) list.push(finding);
    },
    kept: () => [...unexplained, ...explained].slice(0, limit),
  };
}
