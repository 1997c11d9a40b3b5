/** A stretch of the text: from `start` up to `end`, in characters. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type MathOperator = '+' | '-' | '*' | '/';

/** What is true or false. */
export type BooleanNode = TextRange &
  (
    | { readonly kind: 'or' | 'and'; readonly operands: readonly BooleanNode[] }
    | { readonly kind: 'not'; readonly operand: BooleanNode }
    | {
        readonly kind: 'comparison';
        readonly operator: ComparisonOperator;
        readonly left: ValueNode;
        readonly right: ValueNode;
      }
    | { readonly kind: 'bool'; readonly value: boolean }
    | CallNode
    /** Stands where something could not be parsed. Only in trees of texts with problems. */
    | { readonly kind: 'broken' }
  );

export type ValueNode = TextRange &
  (
    | { readonly kind: 'nil' }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'int'; readonly value: bigint }
    | { readonly kind: 'float'; readonly value: number }
    | { readonly kind: 'bool'; readonly value: boolean }
    | { readonly kind: 'bytes'; readonly value: Uint8Array }
    | { readonly kind: 'enum'; readonly name: string }
    | { readonly kind: 'list'; readonly items: readonly ValueNode[] }
    | { readonly kind: 'map'; readonly entries: readonly { readonly key: string; readonly value: ValueNode }[] }
    | PathNode
    | CallNode
    | { readonly kind: 'negation'; readonly operand: ValueNode }
    | { readonly kind: 'math'; readonly operator: MathOperator; readonly left: ValueNode; readonly right: ValueNode }
  );

/** `resource.attributes["a"]`: names with keys. Which of the names is a context is for the checker to say. */
export interface PathNode extends TextRange {
  readonly kind: 'path';
  readonly fields: readonly FieldNode[];
}

export interface FieldNode extends TextRange {
  readonly name: string;
  readonly keys: readonly KeyNode[];
}

/** What stands in brackets: a string, an int, or what gives one. */
export type KeyNode = ValueNode;

/** A converter, or as the head of a statement an editor. */
export interface CallNode extends TextRange {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly ArgumentNode[];
  readonly keys: readonly KeyNode[];
}

export interface ArgumentNode extends TextRange {
  /** Of a named argument. */
  readonly name: string | undefined;
  /** A function that is passed by its name comes as an enum or a `function`. */
  readonly value: ValueNode | (TextRange & { readonly kind: 'function'; readonly name: string });
}

/** `set(attributes["a"], 1) where name == "b"`. */
export interface StatementNode extends TextRange {
  readonly editor: CallNode;
  readonly where: BooleanNode | undefined;
}
