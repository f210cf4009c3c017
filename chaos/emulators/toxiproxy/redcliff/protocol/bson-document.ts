/** Writes the few small BSON documents that the proxy itself sends: a command without effect, and the answer of a store that refuses. */

/** Numbers that are whole are written as int32, others as double; a bigint as int64; 12 bytes as an ObjectId. */
export type BsonField =
  | bigint
  | Buffer
  | number
  | string
  | readonly BsonField[]
  | { readonly [name: string]: BsonField };

const DOUBLE = 1;
const STRING = 2;
const DOCUMENT = 3;
const ARRAY = 4;
const OBJECT_ID = 7;
const INT32 = 16;
const INT64 = 18;
const INT32_MAX = 0x7f_ff_ff_ff;

export function bsonDocument(fields: { readonly [name: string]: BsonField }): Buffer {
  return framed(Object.entries(fields).map(([name, value]) => element(name, value)));
}

function framed(elements: readonly Buffer[]): Buffer {
  const body = Buffer.concat(elements);
  const length = Buffer.alloc(4);
  length.writeInt32LE(body.length + 5);
  return Buffer.concat([length, body, Buffer.alloc(1)]);
}

function element(name: string, value: BsonField): Buffer {
  const [type, bytes] = typed(value);
  return Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`), bytes]);
}

function typed(value: BsonField): [number, Buffer] {
  if (typeof value === 'string') {
    const text = Buffer.from(`${value}\0`);
    const length = Buffer.alloc(4);
    length.writeInt32LE(text.length);
    return [STRING, Buffer.concat([length, text])];
  }
  if (typeof value === 'number') {
    const whole = Number.isInteger(value) && Math.abs(value) <= INT32_MAX;
    const bytes = Buffer.alloc(whole ? 4 : 8);
    if (whole) bytes.writeInt32LE(value);
    else bytes.writeDoubleLE(value);
    return [whole ? INT32 : DOUBLE, bytes];
  }
  if (typeof value === 'bigint') {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return [INT64, bytes];
  }
  if (Buffer.isBuffer(value)) return [OBJECT_ID, value];
  if (Array.isArray(value)) {
    return [ARRAY, framed(value.map((item: BsonField, index) => element(String(index), item)))];
  }
  return [DOCUMENT, framed(Object.entries(value).map(([name, field]) => element(name, field)))];
}
