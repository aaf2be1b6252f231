/** Rule 16, the limits an operator set. */
export interface DestructiveLimits {
  readonly limit: number;
  /** Of the people seen. */
  readonly percent: number;
}

/** Whether that many destructive writes may be made: all of them or none. */
export function gateOpens(planned: number, seen: number, { limit, percent }: DestructiveLimits): boolean {
  return planned <= limit && planned * 100 <= seen * percent;
}
