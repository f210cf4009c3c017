/** What a key can hold. */
import type { HashValue } from './hash-value.ts';
import type { ListValue } from './list-value.ts';
import type { SetValue } from './set-value.ts';
import type { SortedSetValue } from './sorted-set-value.ts';
import type { StreamValue } from './stream-value.ts';
import type { StringValue } from './string-value.ts';

export interface ValueByType {
  readonly string: StringValue;
  readonly hash: HashValue;
  readonly list: ListValue;
  readonly set: SetValue;
  readonly zset: SortedSetValue;
  readonly stream: StreamValue;
}

export type ValueType = keyof ValueByType;
export type Value = ValueByType[ValueType];
