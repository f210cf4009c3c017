/** The syntax tree of a function. Names are resolved when it is built: to a local variable, an upvalue or a global. */
import type { Bytes } from '../bytes/byte-string.ts';

export interface LocalVariable {
  readonly name: Bytes;
  readonly slot: number;
  /** Whether an inner function refers to it. */
  isCaptured: boolean;
}

export interface UpvalueReference {
  readonly name: Bytes;
  readonly from: 'slot' | 'upvalue';
  readonly index: number;
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | '..'
  | '=='
  | '~='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'and'
  | 'or';

export type UnaryOperator = '-' | 'not' | '#';

export type Expression =
  | { readonly kind: 'nil' | 'true' | 'false' | 'vararg'; readonly line: number }
  | { readonly kind: 'constant'; readonly value: Bytes | number; readonly line: number }
  | { readonly kind: 'function'; readonly body: FunctionBody; readonly line: number }
  | { readonly kind: 'local'; readonly variable: LocalVariable; readonly line: number }
  | { readonly kind: 'upvalue'; readonly index: number; readonly name: Bytes; readonly line: number }
  | { readonly kind: 'global'; readonly name: Bytes; readonly line: number }
  | {
      readonly kind: 'index';
      readonly object: Expression;
      readonly key: Expression;
      readonly line: number;
    }
  | CallExpression
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly line: number;
    }
  | {
      readonly kind: 'unary';
      readonly operator: UnaryOperator;
      readonly operand: Expression;
      readonly line: number;
    }
  | { readonly kind: 'parenthesised'; readonly inner: Expression; readonly line: number }
  | { readonly kind: 'table'; readonly fields: readonly TableField[]; readonly line: number };

export interface CallExpression {
  readonly kind: 'call';
  readonly callee: Expression;
  /** Name of the method, with which the callee is an object that becomes the first argument. */
  readonly method: Bytes | undefined;
  readonly args: readonly Expression[];
  readonly line: number;
}

export type TableField =
  | { readonly kind: 'item'; readonly value: Expression }
  | { readonly kind: 'pair'; readonly key: Expression; readonly value: Expression; readonly line: number };

export type Statement =
  | {
      readonly kind: 'local';
      readonly variables: readonly LocalVariable[];
      readonly values: readonly Expression[];
      readonly line: number;
    }
  | {
      readonly kind: 'assign';
      readonly targets: readonly Expression[];
      readonly values: readonly Expression[];
      readonly line: number;
    }
  | { readonly kind: 'call'; readonly call: CallExpression; readonly line: number }
  | { readonly kind: 'do'; readonly body: Block; readonly line: number }
  | {
      readonly kind: 'while';
      readonly condition: Expression;
      readonly body: Block;
      readonly line: number;
    }
  | {
      readonly kind: 'repeat';
      readonly body: Block;
      readonly condition: Expression;
      readonly line: number;
    }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly condition: Expression; readonly body: Block }[];
      readonly otherwise: Block | undefined;
      readonly line: number;
    }
  | {
      readonly kind: 'numeric for';
      readonly variable: LocalVariable;
      /** Slot of the hidden index; limit and step follow. */
      readonly state: number;
      readonly start: Expression;
      readonly limit: Expression;
      readonly step: Expression | undefined;
      readonly body: Block;
      readonly line: number;
    }
  | {
      readonly kind: 'generic for';
      readonly variables: readonly LocalVariable[];
      /** Slot of the hidden iterator; state and control follow. */
      readonly state: number;
      readonly values: readonly Expression[];
      readonly body: Block;
      readonly line: number;
    }
  | {
      readonly kind: 'local function';
      readonly variable: LocalVariable;
      readonly body: FunctionBody;
      readonly line: number;
    }
  | { readonly kind: 'return'; readonly values: readonly Expression[]; readonly line: number }
  | { readonly kind: 'break'; readonly line: number };

export type Block = readonly Statement[];

export interface FunctionBody {
  readonly parameters: readonly LocalVariable[];
  readonly isVararg: boolean;
  /** `...` is also in a table called `arg`, which 5.1 keeps for functions that do not use `...` themselves. */
  readonly argumentTable: LocalVariable | undefined;
  readonly block: Block;
  readonly slotCount: number;
  readonly upvalues: readonly UpvalueReference[];
  readonly line: number;
  readonly lastLine: number;
}
