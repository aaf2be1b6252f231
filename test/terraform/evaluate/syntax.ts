/** An expression of Terraform's language, as far as our configuration uses it. */
export type Expression =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly Expression[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly at: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly spread: boolean }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [Expression, Expression])[] }
  | ForExpression
  | {
      readonly kind: 'condition';
      readonly when: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly Expression[] };

export interface ForExpression {
  readonly kind: 'for';
  readonly key: string | undefined;
  readonly item: string;
  readonly of: Expression;
  /** Set: the result is an object. */
  readonly newKey: Expression | undefined;
  readonly newItem: Expression;
  readonly when: Expression | undefined;
  readonly grouped: boolean;
}

/** What stands in a file, or between the braces of a block. */
export interface Body {
  readonly attributes: ReadonlyMap<string, Expression>;
  readonly blocks: readonly Block[];
}

export interface Block {
  readonly kind: string;
  readonly labels: readonly string[];
  readonly body: Body;
}

export const emptyBody: Body = { attributes: new Map(), blocks: [] };
