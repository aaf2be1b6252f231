/** Our own collections, beside the portal's (never inside portal users). */
export interface StateCollections {
  readonly links: string;
  /** Sub-collection of a dry run: the links that it would have written. Prefixed as batches are. */
  readonly scratch: string;
  readonly runs: string;
  /** Sub-collection of a run. Prefixed too: expiry is set by collection id, for the whole database. */
  readonly batches: string;
  readonly control: string;
  readonly rejections: string;
  readonly allowance: string;
  /** What operators did. */
  readonly audit: string;
  /** What was changed for whom. */
  readonly changes: string;
  /** Sub-collection of a dry run: what it would have changed. */
  readonly planned: string;
}

/** `statePrefix` is STATE_PREFIX. */
export function stateCollections(statePrefix: string): StateCollections {
  return {
    links: `${statePrefix}Links`,
    scratch: `${statePrefix}DryLinks`,
    runs: `${statePrefix}Runs`,
    batches: `${statePrefix}Batches`,
    control: `${statePrefix}Control`,
    rejections: `${statePrefix}Rejections`,
    allowance: `${statePrefix}Allowance`,
    audit: `${statePrefix}Audit`,
    changes: `${statePrefix}Changes`,
    planned: `${statePrefix}Planned`,
  };
}
