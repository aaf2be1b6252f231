import { z } from 'zod';
import { operations, type Operation } from './counters.ts';

/**
 * One forced answer. An empty `match` matches every call; `email` matches the developer whom a call is about (from the
 * path, or the body of a create), or the start key of a listing. The first matching rule that is not used up answers.
 */
export const faultRuleSchema = z.strictObject({
  match: z.strictObject({ operation: z.enum(operations).optional(), email: z.string().optional() }).default({}),
  /** How many matching calls are let through first. */
  skip: z.int().nonnegative().default(0),
  times: z.union([z.int().positive(), z.literal('always')]).default(1),
  /**
   * A status: the flavour's own error envelope. `html`: 200 with a web page. `html-404`: Google's 404 page. `reset`,
   * `reset-after`: the connection is reset before or after the call took effect. `truncated`: half the JSON. `empty`:
   * 200 without a body. `timeout`: never answered.
   */
  answer: z.union([
    z.union([z.literal(400), z.literal(401), z.literal(403), z.literal(429)]),
    z.union([z.literal(500), z.literal(502), z.literal(503), z.literal(504)]),
    z.enum(['html', 'html-404', 'reset', 'reset-after', 'truncated', 'empty', 'timeout']),
  ]),
  /** Whether the call takes effect all the same. Default: yes for `reset-after`, `truncated` and `empty`, else no. */
  effect: z.boolean().optional(),
  retryAfterSeconds: z.number().nonnegative().optional(),
});

export type FaultRule = z.output<typeof faultRuleSchema>;
export type FaultRuleInput = z.input<typeof faultRuleSchema>;
export type FaultAnswer = FaultRule['answer'];

interface ArmedRule {
  readonly rule: FaultRule;
  skipped: number;
  used: number;
}

export class Faults {
  #armed: ArmedRule[] = [];

  /** Throws a ZodError on a malformed rule. */
  add(rule: unknown): void {
    this.#armed.push({ rule: faultRuleSchema.parse(rule), skipped: 0, used: 0 });
  }

  /** The rules that are not used up. */
  read(): FaultRule[] {
    return this.#armed.map(({ rule }) => rule);
  }

  clear(): void {
    this.#armed = [];
  }

  /** The rule that answers this call; one of its uses is gone by that. */
  take(operation: Operation, email: string | undefined): FaultRule | undefined {
    for (const armed of this.#armed) {
      const { rule } = armed;
      if (rule.match.operation !== undefined && rule.match.operation !== operation) continue;
      if (rule.match.email !== undefined && rule.match.email !== email) continue;
      if (armed.skipped < rule.skip) {
        armed.skipped++;
        continue;
      }
      armed.used++;
      if (rule.times !== 'always' && armed.used >= rule.times)
        this.#armed = this.#armed.filter((other) => other !== armed);
      return rule;
    }
    return undefined;
  }
}

export function takesEffect(rule: FaultRule): boolean {
  return rule.effect ?? (rule.answer === 'reset-after' || rule.answer === 'truncated' || rule.answer === 'empty');
}
