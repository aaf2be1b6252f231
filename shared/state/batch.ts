import type { ApigeeCalls } from '../apigee/developers.ts';
import type { RangeEnd } from '../core/listing/chain.ts';
import type { PersonKey } from '../core/model/email.ts';
import type { Outcome } from '../core/model/link.ts';
import type { ReportedSituation } from '../core/model/situation.ts';

/**
 * In this order. `portal`: portal users are compared with their links. `apigee`: developers, by pages of the listing.
 * `links`: people without a developer, people who are due, and people whose developer the listing does not show any more.
 * `destructive`: the destructive writes that the gate let through (rule 16).
 */
export const batchPhases = ['portal', 'apigee', 'links', 'destructive'] as const;
export type BatchPhase = (typeof batchPhases)[number];

export interface BatchId<P extends BatchPhase = BatchPhase> {
  readonly runId: string;
  readonly phase: P;
  /** From 0, one after another within the phase. */
  readonly seq: number;
}

/** One page of people within a run. What the batch says about its page depends on the phase. */
export type Batch = BatchOf<BatchPhase>;
export type BatchOf<P extends BatchPhase> = { [Phase in P]: BatchId<Phase> & Page[Phase] & Done }[P];
export type PortalBatch = BatchOf<'portal'>;
export type ApigeeBatch = BatchOf<'apigee'>;
export type LinksBatch = BatchOf<'links'>;
export type DestructiveBatch = BatchOf<'destructive'>;

interface Done {
  /** Undefined until the batch is done. */
  readonly result: BatchResult | undefined;
}

interface Page {
  /** The batch finds its people itself: documents are read when it is done. */
  readonly portal: { readonly part: PortalPart };
  readonly apigee: {
    /** The selected developers, by email as listed; of a range, nobody before the batch is done. */
    readonly people: readonly string[];
    readonly part: ListingPart;
    /** What the listing showed there. Of a range, undefined before the batch is done. */
    readonly listed: Listed | undefined;
  };
  readonly links: {
    readonly kind: LinksBatchKind;
    readonly people: readonly PersonKey[];
    /** The cursor from which the walk goes on behind this batch; undefined: this batch is the last one. */
    readonly next: string | undefined;
  };
  readonly destructive: { readonly people: readonly PersonKey[] };
}

/** Which documents of the portal collection a batch is about. */
export type PortalPart =
  /**
   * Where the walk begins: a full run with the first page, an incremental run with what was edited since the last run.
   */
  | { readonly kind: 'first' }
  /** A page that begins after this document id, or, if undefined, with the first document. */
  | { readonly kind: 'page'; readonly after: string | undefined };

/** Which developers of the listing a batch is about. */
export type ListingPart =
  /** A page that the walk has listed. The first and the last email, selected or not; undefined only for a page of nobody. */
  | { readonly kind: 'page'; readonly first: string | undefined; readonly last: string | undefined }
  /**
   * The batch lists its developers itself: from one developer on, by email, or, if undefined, from the beginning, until it
   * meets the first one of another range. `to`: the one that is expected there; undefined: the end of the listing.
   */
  | {
      readonly kind: 'range';
      readonly from: string | undefined;
      readonly to: string | undefined;
      /** Batches of earlier runs that say how these developers were when they were last in step. */
      readonly known: readonly BatchId<'apigee'>[];
      /** Whether `Runs.apart` names people whose link was written since. */
      readonly apart: boolean;
      /** Whether both are looked up. */
      readonly knows: boolean;
    };

/** What the listing showed of a part, selected or not. */
export interface Listed {
  /** How many developers. */
  readonly size: number;
  /** Where a range may begin: `marksOf` of their emails. */
  readonly marks: readonly string[];
  /** Of a range, how it ended. */
  readonly end: RangeEnd | undefined;
}

/**
 * Developers who are in step as they were listed: one of whom a later listing says the same needs no look at the link, as long
 * as nothing else makes the person due.
 */
export interface InStep {
  /** Stands for the settings with which they were looked at. */
  readonly settings: string;
  /** `developerFingerprint` of each. */
  readonly developers: readonly string[];
}

/** What a batch of a range has found. */
export interface FoundRange {
  /** The selected developers, by email as listed. */
  readonly people: readonly string[];
  readonly listed: Listed;
}

/**
 * What is known of the developers of a batch of links. `missing`: the whole listing was walked and shows none of them.
 * `look`: nothing; each developer has to be read.
 */
export type LinksBatchKind = 'missing' | 'look';

/** Documents read and written, as Firestore bills them. `writes`: links and portal users; bookkeeping is apart. */
export interface Traffic {
  readonly reads: number;
  readonly writes: number;
  /** Run, batch and control documents. */
  readonly bookkeeping: number;
}

export interface BatchResult {
  /** The people of the batch; of a portal batch, only the documents without a usable email (rule 18). */
  readonly people: readonly string[];
  /** One per entry of `people`. */
  readonly outcomes: readonly Outcome[];
  /** The people who were not simply unchanged. */
  readonly rows: readonly ReportRow[];
  /** People for whom a destructive decision waits for the gate (rule 16), or a creation for an approval (rule 32). */
  readonly planned: readonly PersonKey[];
  /** Of these, whom to create is more than CREATION_LIMIT allows. */
  readonly uncreated: readonly PersonKey[];
  /** How many people are not as the plan says (rule 36). */
  readonly stale: number;
  /** How many values an undo has left as they are (rule 35). */
  readonly kept: number;
  /** Of a range: what was found. It becomes the batch's own. */
  readonly found: FoundRange | undefined;
  /** Who was in step. Undefined where nobody was looked at: of a range, what was known before still holds. */
  readonly inStep: InStep | undefined;
  readonly calls: ApigeeCalls;
  readonly traffic: Traffic;
  readonly finishedAt: number;
}

/** One person in a report: what was found and done, why, and the names of the fields. */
export interface ReportRow {
  readonly key: string;
  readonly situation: ReportedSituation;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly fields: readonly string[];
}
