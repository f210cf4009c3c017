/**
 * Whether a document has only fields that this release knows. While releases change, documents have fields of a newer one already: they
 * are read, their unknown fields are kept, and they stay out of Redis, where the types of unknown fields would be lost.
 */
import { z } from 'zod';

export type KnowsFields = (value: unknown) => boolean;

const everything: KnowsFields = () => true;

/** Looks at names only, also in nested objects and lists. */
export function knownFieldsOf(schema: z.ZodType): KnowsFields {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) return knownFieldsOf(inner(schema));
  if (schema instanceof z.ZodArray) return everyElement(knownFieldsOf(inner(schema)));
  if (!(schema instanceof z.ZodObject)) return everything;
  const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
  const fields = new Map(Object.entries(shape).map(([name, type]) => [name, knownFieldsOf(type)]));
  return (value) =>
    typeof value !== 'object' ||
    value === null ||
    Object.entries(value).every(([name, field]) => fields.get(name)?.(field) === true);
}

function everyElement(knows: KnowsFields): KnowsFields {
  if (knows === everything) return everything;
  return (value) => !Array.isArray(value) || value.every(knows);
}

function inner(schema: z.ZodNullable | z.ZodOptional | z.ZodArray): z.ZodType {
  const type = schema instanceof z.ZodArray ? schema.element : schema.unwrap();
  if (type instanceof z.ZodType) return type;
  throw new TypeError('schemas of documents are made of classic zod types');
}

/** Whether unknown fields are all that a schema has against a value. */
export function hasOnlyUnknownFields(error: z.ZodError): boolean {
  return error.issues.every(({ code }) => code === 'unrecognized_keys');
}
