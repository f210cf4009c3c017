/** The messages of `google.protobuf` that have a form of their own in JSON. */
import type { Type } from 'protobufjs';
import type { Json, Values } from './json-values.ts';

type Write = (type: Type, message: Values) => Json;
type Read = (type: Type, json: unknown) => object;

/** Undefined for all other types. */
export function writeWellKnown(type: Type, message: Values, write: Write): Json | undefined {
  switch (type.fullName) {
    case '.google.protobuf.BoolValue':
    case '.google.protobuf.BytesValue':
    case '.google.protobuf.DoubleValue':
    case '.google.protobuf.FloatValue':
    case '.google.protobuf.Int32Value':
    case '.google.protobuf.Int64Value':
    case '.google.protobuf.StringValue':
    case '.google.protobuf.UInt32Value':
    case '.google.protobuf.UInt64Value':
      return fieldOf(write(plainTypeOf(type), message), 'value');
    case '.google.protobuf.Duration':
      return durationText(Number(message['seconds'] ?? 0), Number(message['nanos'] ?? 0));
    case '.google.protobuf.FieldMask':
      return ((message['paths'] ?? []) as string[]).map(camel).join(',');
    case '.google.protobuf.ListValue':
      return fieldOf(write(plainTypeOf(type), message), 'values');
    case '.google.protobuf.Struct':
      return fieldOf(write(plainTypeOf(type), message), 'fields');
    case '.google.protobuf.Timestamp':
      return timestampText(Number(message['seconds'] ?? 0), Number(message['nanos'] ?? 0));
    case '.google.protobuf.Value':
      return valueJson(write(plainTypeOf(type), message));
    default:
      return undefined;
  }
}

/** The fields of the message; undefined for all other types. Throws for what is no such value. */
export function readWellKnown(type: Type, json: unknown, read: Read): Record<string, unknown> | undefined {
  switch (type.fullName) {
    case '.google.protobuf.BoolValue':
    case '.google.protobuf.BytesValue':
    case '.google.protobuf.DoubleValue':
    case '.google.protobuf.FloatValue':
    case '.google.protobuf.Int32Value':
    case '.google.protobuf.Int64Value':
    case '.google.protobuf.StringValue':
    case '.google.protobuf.UInt32Value':
    case '.google.protobuf.UInt64Value':
      return { ...read(plainTypeOf(type), { value: json }) };
    case '.google.protobuf.Duration':
      return durationFields(json);
    case '.google.protobuf.FieldMask':
      return {
        paths: String(json)
          .split(',')
          .filter((path) => path !== '')
          .map(snake),
      };
    case '.google.protobuf.ListValue':
      return { ...read(plainTypeOf(type), { values: json }) };
    case '.google.protobuf.Struct':
      return { ...read(plainTypeOf(type), { fields: json }) };
    case '.google.protobuf.Timestamp':
      return timestampFields(json);
    case '.google.protobuf.Value':
      return { ...read(plainTypeOf(type), { [kindOf(json)]: json === null ? 0 : json }) };
    default:
      return undefined;
  }
}

/** The same type by another name, so that it is read and written as any other. */
function plainTypeOf(type: Type): Type {
  return Object.create(type, { fullName: { value: '' } }) as Type;
}

function fieldOf(json: Json, name: string): Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json[name] ?? null) : null;
}

function valueJson(json: Json): Json {
  const [entry] = Object.entries(json ?? {});
  return entry === undefined || entry[0] === 'nullValue' ? null : (entry[1] as Json);
}

function kindOf(json: unknown): string {
  if (json === null) return 'nullValue';
  if (Array.isArray(json)) return 'listValue';
  switch (typeof json) {
    case 'boolean':
      return 'boolValue';
    case 'number':
      return 'numberValue';
    case 'string':
      return 'stringValue';
    default:
      return 'structValue';
  }
}

/** With no digits behind the point, or three, six or nine. */
function fraction(nanos: number): string {
  if (nanos === 0) return '';
  const digits = String(Math.abs(nanos)).padStart(9, '0');
  return `.${digits.replace(/(?:000){1,2}$/, '')}`;
}

function durationText(seconds: number, nanos: number): string {
  const sign = seconds < 0 || nanos < 0 ? '-' : '';
  return `${sign}${Math.abs(seconds)}${fraction(nanos)}s`;
}

function durationFields(json: unknown): Record<string, unknown> {
  const match = typeof json === 'string' ? /^(-?)(\d+)(?:\.(\d{1,9}))?s$/.exec(json) : null;
  if (match === null) throw new TypeError(`invalid google.protobuf.Duration value ${JSON.stringify(json)}`);
  const [, sign = '', seconds = '0', digits = ''] = match;
  const factor = sign === '-' ? -1 : 1;
  return { nanos: factor * Number(digits.padEnd(9, '0')), seconds: String(factor * Number(seconds)) };
}

function timestampText(seconds: number, nanos: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${fraction(nanos)}Z`;
}

function timestampFields(json: unknown): Record<string, unknown> {
  const match =
    typeof json === 'string'
      ? /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(json)
      : null;
  const [, instant = '', digits = '', zone = ''] = match ?? [];
  const ms = Date.parse(`${instant}${zone}`);
  if (Number.isNaN(ms))
    throw new TypeError(`invalid google.protobuf.Timestamp value ${JSON.stringify(json)}`);
  return { nanos: Number(digits.padEnd(9, '0')), seconds: String(ms / 1000) };
}

function camel(path: string): string {
  return path.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function snake(path: string): string {
  return path.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
