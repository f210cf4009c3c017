/** What the programs of the model test are made of. */
import type { OrderOperator, Value } from './values.ts';

export interface Item {
  readonly _id: number;
  /** Any value; the field may be missing. Has an index. */
  readonly a?: Value;
  /** Has a unique index. */
  readonly u: number;
  readonly n: number;
}

export type Filter =
  | { readonly kind: 'all' }
  | { readonly kind: 'id'; readonly id: number }
  | { readonly kind: 'equal' | 'notEqual'; readonly value: Value }
  | { readonly kind: 'order'; readonly operator: OrderOperator; readonly value: Value }
  | { readonly kind: 'in'; readonly values: readonly Value[] }
  | { readonly kind: 'exists'; readonly wanted: boolean }
  | { readonly kind: 'between'; readonly low: Value; readonly high: Value }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter };

export type Change =
  | { readonly kind: 'set'; readonly value: Value }
  | { readonly kind: 'unset' }
  | { readonly kind: 'push'; readonly value: Value }
  | { readonly kind: 'increment'; readonly by: number }
  | { readonly kind: 'setUnique'; readonly u: number };

/** undefined: outside of any transaction. */
export type SessionNumber = number | undefined;

export type Command =
  | { readonly kind: 'begin' | 'commit' | 'abort'; readonly session: number }
  | { readonly kind: 'insert'; readonly session: SessionNumber; readonly item: Item }
  | {
      readonly kind: 'update';
      readonly session: SessionNumber;
      readonly id: number;
      readonly change: Change;
      readonly upsertU?: number;
    }
  | {
      readonly kind: 'updateMany';
      readonly session: SessionNumber;
      readonly filter: Filter;
      readonly change: Change;
    }
  | { readonly kind: 'replace'; readonly session: SessionNumber; readonly item: Item }
  | {
      readonly kind: 'findAndUpdate';
      readonly session: SessionNumber;
      readonly filter: Filter;
      readonly direction: 1 | -1;
      readonly by: number;
    }
  | {
      readonly kind: 'delete';
      readonly session: SessionNumber;
      readonly filter: Filter;
      readonly many: boolean;
      readonly id: number;
    }
  | {
      readonly kind: 'find';
      readonly session: SessionNumber;
      readonly filter: Filter;
      readonly direction: 1 | -1;
      readonly skip: number;
      readonly limit: number;
    }
  | { readonly kind: 'count'; readonly session: SessionNumber; readonly filter: Filter }
  | { readonly kind: 'distinct'; readonly session: SessionNumber; readonly filter: Filter };
