/**
 * Messages of Protocol Buffers as JSON and back, by https://protobuf.dev/programming-guides/json: names in lowerCamelCase, 64-bit
 * numbers as text, bytes in base64, fields without a value with their defaults.
 */
import type { Enum, Field, Message, Type } from 'protobufjs';
import type { Json, Values } from './json-values.ts';
import { readWellKnown, writeWellKnown } from './well-known.ts';

const integers32: ReadonlySet<string> = new Set(['fixed32', 'int32', 'sfixed32', 'sint32', 'uint32']);
const integers64: ReadonlySet<string> = new Set(['fixed64', 'int64', 'sfixed64', 'sint64', 'uint64']);

/** Of a decoded message, or of the default one. */
export function messageToJson(type: Type, message: Message | Values): Json {
  const known = writeWellKnown(type, message as Values, messageToJson);
  if (known !== undefined) return known;
  const json: Record<string, Json> = {};
  for (const field of type.fieldsArray) {
    const value = fieldToJson(field.resolve(), message as Values);
    if (value !== undefined) json[jsonNameOf(field)] = value;
  }
  return json;
}

function fieldToJson(field: Field, message: Values): Json | undefined {
  const isPresent = Object.hasOwn(message, field.name) && message[field.name] !== null;
  const value = message[field.name];
  if (field.map) {
    const entries = isPresent ? Object.entries(Object(value)) : [];
    return Object.fromEntries(entries.map(([key, one]) => [key, valueToJson(field, one)] as const));
  }
  if (field.repeated) return isPresent ? (value as unknown[]).map((one) => valueToJson(field, one)) : [];
  if (isPresent) return valueToJson(field, value);
  if (field.partOf !== null && field.partOf !== undefined) return undefined;
  return isEnum(field.resolvedType) || field.resolvedType === null
    ? valueToJson(field, field.typeDefault)
    : null;
}

function valueToJson(field: Field, value: unknown): Json {
  const { resolvedType, type } = field;
  if (isEnum(resolvedType)) return resolvedType.valuesById[Number(value)] ?? Number(value);
  if (resolvedType !== null) return messageToJson(resolvedType as Type, value as Message);
  if (integers64.has(type)) return String(value);
  if (type === 'bytes') return Buffer.from(value as Uint8Array).toString('base64');
  if (type === 'double' || type === 'float') {
    const number = Number(value);
    if (!Number.isFinite(number)) return String(number);
    return type === 'float' ? shortestFloat(number) : number;
  }
  return value as Json;
}

/** The number with the fewest digits that is the same in 32 bits. */
function shortestFloat(value: number): number {
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** Throws for what the message has no field for, and for values of another type. */
export function messageFromJson(type: Type, json: unknown): Message {
  const known = readWellKnown(type, json, messageFromJson);
  if (known !== undefined) return type.create(known);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new TypeError(`unexpected token ${JSON.stringify(json)}`);
  const fields = new Map(
    type.fieldsArray.flatMap(
      (field) =>
        [
          [field.name, field],
          [jsonNameOf(field), field],
        ] as const,
    ),
  );
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    const field = fields.get(name)?.resolve();
    if (field === undefined) throw new TypeError(`unknown field ${JSON.stringify(name)}`);
    if (value === null && field.resolvedType?.fullName !== '.google.protobuf.Value') continue;
    values[field.name] = fieldFromJson(field, name, value);
  }
  return type.create(values);
}

function fieldFromJson(field: Field, name: string, value: unknown): unknown {
  if (field.map) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrongValue(field, name, value);
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, valueFromJson(field, name, one)] as const),
    );
  }
  if (!field.repeated) return valueFromJson(field, name, value);
  if (!Array.isArray(value)) throw wrongValue(field, name, value);
  return value.map((one: unknown) => valueFromJson(field, name, one));
}

function valueFromJson(field: Field, name: string, value: unknown): unknown {
  const { resolvedType, type } = field;
  if (isEnum(resolvedType)) {
    const number = typeof value === 'string' ? resolvedType.values[value] : value;
    if (typeof number !== 'number' || !Number.isInteger(number)) throw wrongValue(field, name, value);
    return number;
  }
  if (resolvedType !== null) return messageFromJson(resolvedType as Type, value);
  switch (type) {
    case 'bool':
      if (typeof value !== 'boolean') throw wrongValue(field, name, value);
      return value;
    case 'bytes':
      if (typeof value !== 'string' || !/^[\w+/-]*={0,2}$/.test(value)) throw wrongValue(field, name, value);
      return Buffer.from(value, 'base64');
    case 'double':
    case 'float':
      return numberOf(field, name, value);
    case 'string':
      if (typeof value !== 'string') throw wrongValue(field, name, value);
      return value;
    default:
      return integerOf(field, name, value);
  }
}

function numberOf(field: Field, name: string, value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || (Number.isNaN(number) && value !== 'NaN'))
    throw wrongValue(field, name, value);
  return number;
}

/** Numbers of 64 bits stay texts, which the library takes. */
function integerOf(field: Field, name: string, value: unknown): number | string {
  if (typeof value !== 'number' && typeof value !== 'string') throw wrongValue(field, name, value);
  if (typeof value === 'number' && !Number.isInteger(value)) throw wrongValue(field, name, value);
  if (typeof value === 'string' && !/^-?\d+$/.test(value)) throw wrongValue(field, name, value);
  const isUnsigned = field.type.startsWith('u') || field.type.startsWith('fixed');
  const wide = BigInt(value);
  const bits = integers32.has(field.type) ? 32 : 64;
  const fits = isUnsigned ? BigInt.asUintN(bits, wide) === wide : BigInt.asIntN(bits, wide) === wide;
  if (!fits) throw wrongValue(field, name, value);
  return bits === 32 ? Number(wide) : String(wide);
}

function wrongValue(field: Field, name: string, value: unknown): TypeError {
  return new TypeError(`invalid value for ${field.type} field ${name}: ${JSON.stringify(value)}`);
}

/** Underscores go and the letter behind them becomes a capital, unless the schema names it. */
export function jsonNameOf({ name, options }: Field): string {
  const given: unknown = options?.['json_name'];
  if (typeof given === 'string') return given;
  return name.replaceAll(/_+(.?)/g, (_match, letter: string) => letter.toUpperCase());
}

function isEnum(type: Enum | Type | null): type is Enum {
  return type !== null && 'valuesById' in type;
}
