/**
 * Turns JSON into fields as Go's decoder fills a struct: names match whatever their case, null leaves a field alone,
 * unknown fields are ignored, and a wrong type is refused in Go's words.
 */
import { ApiError } from '../errors.ts';
import type { AttributeType } from '../toxics/toxic.ts';
import { JsonNumber, JsonObject, JsonSyntaxError, readFirstJsonValue, type JsonValue } from './json-text.ts';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Throws ApiError badRequestBody when the body does not begin with JSON. */
export function parseBody(body: string): JsonValue {
  try {
    return readFirstJsonValue(body);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new ApiError('badRequestBody', error.message);
    throw error;
  }
}

/** Reads fields of one JSON object. `struct` and `goType` appear in error texts only. */
export class FieldReader {
  readonly #members: ReadonlyMap<string, JsonValue>;
  readonly #struct: string;

  private constructor(members: ReadonlyMap<string, JsonValue>, struct: string) {
    this.#members = members;
    this.#struct = struct;
  }

  /** Throws ApiError badRequestBody when `value` is neither an object nor null. */
  static of(value: JsonValue, struct: string, complaint: string): FieldReader {
    if (value === null) return new FieldReader(new Map(), struct);
    if (!(value instanceof JsonObject)) throw cannotUnmarshal(value, complaint);
    const members = new Map<string, JsonValue>();
    for (const [name, member] of value.members) {
      if (member !== null) members.set(name.toLowerCase(), member);
    }
    return new FieldReader(members, struct);
  }

  value(name: string): JsonValue | undefined {
    return this.#members.get(name);
  }

  string(name: string): string | undefined {
    const value = this.#members.get(name);
    if (value === undefined || typeof value === 'string') return value;
    throw cannotUnmarshal(value, `Go struct field ${this.#struct}.${name} of type string`);
  }

  boolean(name: string): boolean | undefined {
    const value = this.#members.get(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw cannotUnmarshal(value, `Go struct field ${this.#struct}.${name} of type bool`);
  }

  number(name: string, type: AttributeType | 'float32'): number | undefined {
    const value = this.#members.get(name);
    if (value === undefined) return undefined;
    const complaint = `Go struct field ${this.#struct}.${name} of type ${type}`;
    if (!(value instanceof JsonNumber)) throw cannotUnmarshal(value, complaint);
    const number = type === 'float32' ? Math.fround(Number(value.text)) : Number(value.text);
    const fits = type === 'int64' ? isInt64(value.text) : Number.isFinite(number);
    if (!fits)
      throw new ApiError('badRequestBody', `json: cannot unmarshal number ${value.text} into ${complaint}`);
    return number;
  }
}

function isInt64(text: string): boolean {
  if (!/^-?\d+$/.test(text)) return false;
  const integer = BigInt(text);
  return integer >= INT64_MIN && integer <= INT64_MAX;
}

export function cannotUnmarshal(value: JsonValue, into: string): ApiError {
  return new ApiError('badRequestBody', `json: cannot unmarshal ${kindOf(value)} into ${into}`);
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (value instanceof JsonNumber) return 'number';
  return value instanceof JsonObject ? 'object' : 'array';
}
