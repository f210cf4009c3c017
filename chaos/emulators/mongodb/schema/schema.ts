/** What a compiled `$jsonSchema` is made of. */
import type { Document } from '../storage/contract.ts';

/** One keyword of a schema. */
export interface Rule {
  /** undefined when the value satisfies it; a field that is not there (`undefined`) satisfies all but a few. */
  violation(value: unknown): Document | undefined;
}

export interface Schema {
  readonly title: unknown;
  readonly description: unknown;
  /** What is not satisfied, empty when all is. */
  violations(value: unknown): Document[];
}

export type SchemaCompiler = (schema: unknown, keyword: string) => Schema;

export function satisfies(schema: Schema, value: unknown): boolean {
  return schema.violations(value).length === 0;
}

/** Title and description, for the details of a violation. */
export function annotations({ title, description }: Schema): Document {
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
  };
}

/** The keywords given, of which there may be none. */
export type Claim = (names: readonly string[]) => Document;
