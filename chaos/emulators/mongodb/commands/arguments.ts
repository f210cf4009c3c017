/** Reads the fields of a command with MongoDB's own complaints when a field is missing, unknown or of the wrong type. */
import { MongoError, locationError } from '../errors.ts';
import { isDocument, numberOf, typeNameOf } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';

export class Arguments {
  readonly document: Document;
  /** Name before the field in messages: a command, or a command and its statement (`update.updates`). */
  readonly owner: string;

  constructor(document: Document, owner: string) {
    this.document = document;
    this.owner = owner;
  }

  /** null counts as absent, as it does for most of MongoDB's fields. */
  get(name: string): unknown {
    const value = Object.hasOwn(this.document, name) ? this.document[name] : undefined;
    return value === null ? undefined : value;
  }

  string(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'string') return value;
    throw this.#mismatch(name, value, "type 'string'");
  }

  requiredString(name: string): string {
    return this.string(name) ?? this.#missing(name);
  }

  /** Numbers count as booleans, as MongoDB's "safe boolean" fields take them. */
  boolean(name: string, ifAbsent = false): boolean {
    const value = this.get(name);
    if (value === undefined) return ifAbsent;
    if (typeof value === 'boolean') return value;
    const number = numberOf(value);
    if (number === undefined) throw this.#mismatch(name, value, "types '[bool, long, int, decimal, double']");
    return number !== 0;
  }

  number(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const number = numberOf(value);
    if (number === undefined) throw this.#mismatch(name, value, "types '[long, int, decimal, double']");
    return number;
  }

  /** @throws MongoError 51024 when negative, BadValue when no integer. */
  nonNegativeInteger(name: string): number | undefined {
    const number = this.number(name);
    if (number === undefined) return undefined;
    if (number < 0) {
      throw locationError(51024, `BSON field '${name}' value must be >= 0, actual value '${number}'`);
    }
    return Math.trunc(number);
  }

  documentField(name: string): Document | undefined {
    const value = this.get(name);
    if (value === undefined || isDocument(value)) return value;
    throw this.#mismatch(name, value, "type 'object'");
  }

  requiredDocument(name: string): Document {
    return this.documentField(name) ?? this.#missing(name);
  }

  array(name: string): readonly unknown[] | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value)) return value;
    throw this.#mismatch(name, value, "type 'array'");
  }

  documents(name: string): readonly Document[] | undefined {
    return this.array(name)?.map((item, index) => {
      if (isDocument(item)) return item;
      throw this.#mismatch(`${name}.${index}`, item, "type 'object'");
    });
  }

  /** @throws MongoError 40415 for a field this command does not have. */
  refuseUnknown(known: ReadonlySet<string>): void {
    for (const name of Object.keys(this.document)) {
      if (!known.has(name))
        throw locationError(40415, `BSON field '${this.owner}.${name}' is an unknown field.`);
    }
  }

  #missing(name: string): never {
    throw locationError(40414, `BSON field '${this.owner}.${name}' is missing but a required field`);
  }

  #mismatch(name: string, value: unknown, expected: string): MongoError {
    return new MongoError(
      'TypeMismatch',
      `BSON field '${this.owner}.${name}' is the wrong type '${typeNameOf(value)}', expected ${expected}`,
    );
  }
}
