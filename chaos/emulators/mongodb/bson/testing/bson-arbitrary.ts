/** Random BSON values for property tests, chosen so that values of different types often are close or equal. */
import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import fc from 'fast-check';

const edgeNumbers = [
  0,
  -0,
  1,
  -1,
  2,
  0.5,
  1.5,
  0.1,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  2 ** 53,
  2 ** 53 - 1,
  -(2 ** 53),
  2 ** 63,
  -(2 ** 63),
  1e300,
  5e-324,
  Number.MAX_VALUE,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];

const edgeDecimals = [
  '0',
  '-0',
  '0E+3',
  '1',
  '1.0',
  '10E-1',
  '0.1',
  '0.5',
  '1.5',
  '9007199254740993',
  '9007199254740992.5',
  '9223372036854775807',
  '1E+400',
  '-1E+400',
  '1E-400',
  '-1E-400',
  '9.999999999999999999999999999999999E+6144',
  '1E-6176',
  'NaN',
  'Infinity',
  '-Infinity',
  '4.940656458412465441765687928682213E-324',
];

const edgeLongs = [
  0n,
  1n,
  -1n,
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  9007199254740993n,
];

/** A number of any BSON type. */
export const anyNumber: fc.Arbitrary<unknown> = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(...edgeNumbers),
  fc.double(),
  fc.integer(),
  fc.constantFrom(...edgeNumbers).map((value) => new Double(value)),
  fc.constantFrom(...edgeLongs).map((value) => Long.fromBigInt(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  fc.constantFrom(...edgeDecimals).map((text) => Decimal128.fromString(text)),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n }), fc.integer({ min: -60, max: 60 }))
    .map(([digits, exponent]) => Decimal128.fromString(`${digits}E${exponent}`)),
);

const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'b',
    'ab',
    'a\0',
    'a\0b',
    '\0',
    '\u0001',
    'é',
    '\uffff',
    '\u{1f600}',
    '\ue000',
    'z'.repeat(40),
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);

const leaf: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: anyNumber },
  { weight: 3, arbitrary: text },
  fc.constant(null),
  fc.boolean(),
  fc.constantFrom(new MinKey(), new MaxKey()),
  fc.integer({ min: -5, max: 5 }).map((time) => new Date(time)),
  fc.integer({ min: -8.64e15, max: 8.64e15 }).map((time) => new Date(time)),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc.tuple(fc.nat(0xffffffff), fc.nat(3)).map(([t, i]) => new Timestamp({ t, i })),
  fc
    .tuple(fc.uint8Array({ maxLength: 3 }), fc.constantFrom(0, 2, 4, 128))
    .map(([bytes, subtype]) => new Binary(bytes, subtype)),
  fc
    .tuple(fc.constantFrom('', 'a', 'b', '^a'), fc.constantFrom('', 'i', 'im'))
    .map(([pattern, options]) => new BSONRegExp(pattern, options)),
  fc.constantFrom('f', 'g', '').map((code) => new Code(code)),
  fc.constantFrom('f', 'g').map((code) => new Code(code, { x: 1 })),
);

const name = fc.constantFrom('a', 'b', 'ab', '1', '10', '2', '');

/** Any value that BSON has, nested to a small depth. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: leaf },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }) },
  ),
})).value;

export const anyDocument: fc.Arbitrary<Record<string, unknown>> = fc.dictionary(name, anyValue, {
  maxKeys: 5,
  noNullPrototype: true,
});
