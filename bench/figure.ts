/** What a row has to be: no more, or no less than this. */
export type Goal = { readonly most: number } | { readonly least: number };

/** One number of a figure. */
export interface Row {
  readonly what: string;
  readonly value: number;
  /** Of the value, such as `reads a person`. */
  readonly unit: string;
  readonly goal?: Goal;
}

/** What was found, for each number of people. */
export type Found = Readonly<Record<string, readonly Row[]>>;

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Whether it is what the product does; others are what it is compared with. */
  readonly ours: boolean;
}

export interface Plot {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly Bar[];
  /** Each step of the axis is ten times the one before: for values far apart. */
  readonly logarithmic?: boolean;
}

/** One thing that is measured, for several numbers of people. */
export interface Figure {
  /** As `npm run bench -- NAME` takes it. */
  readonly name: string;
  readonly title: string;
  /** Unless `--people` says otherwise. */
  readonly sizes: readonly number[];
  measure(people: number): Promise<readonly Row[]>;
  plot(found: Found): Plot;
}

/** Undefined where there is no goal. */
export function isMet({ value, goal }: Row): boolean | undefined {
  if (goal === undefined) return undefined;
  return 'most' in goal ? value <= goal.most : value >= goal.least;
}

/** The values that were found for `what`, from the fewest people to the most. */
export function valuesOf(found: Found, what: string): readonly { readonly people: number; readonly value: number }[] {
  return Object.entries(found)
    .flatMap(([people, rows]) =>
      rows.filter((row) => row.what === what).map(({ value }) => ({ people: Number(people), value })),
    )
    .sort((a, b) => a.people - b.people);
}

/** Three places that count. */
export function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

export function inThousands(people: number): string {
  return people.toLocaleString('en-US');
}
