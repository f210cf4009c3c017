/** The library `cjson`: its functions, and the settings that scripts change with them. */
import { integerAt, textAt } from '../arguments.ts';
import { ArgumentFault } from '../errors.ts';
import type { LuaTable, LuaValue } from '../values.ts';
import { decodeJson, type DecodeSettings } from './json-decode.ts';
import { encodeJson, jsonNull, type EncodeSettings } from './json-encode.ts';
import { libraryTable, type Native } from './library.ts';

const intMax = 0x7fff_ffff;

export function jsonLibrary(): LuaTable {
  const encoding: EncodeSettings = {
    convertsSparse: false,
    sparseRatio: 2,
    sparseSafe: 10,
    depthMax: 1000,
    invalidNumbers: 'off',
    precision: 14,
  };
  const decoding: DecodeSettings = { depthMax: 1000, takesInvalidNumbers: true };
  let keepsBuffer = true;
  const library = libraryTable({
    encode: (args) => {
      if (args.length !== 1) throw new ArgumentFault(1, 'expected 1 argument');
      return [encodeJson(args[0], encoding)];
    },
    decode: (args) => {
      if (args.length !== 1) throw new ArgumentFault(1, 'expected 1 argument');
      return [decodeJson(textAt(args, 0), decoding)];
    },
    encode_sparse_array: setting(3, (args) => {
      encoding.convertsSparse = switchAt(args, 0, encoding.convertsSparse);
      encoding.sparseRatio = boundedAt(args, 1, encoding.sparseRatio, 0, intMax);
      encoding.sparseSafe = boundedAt(args, 2, encoding.sparseSafe, 0, intMax);
      return [encoding.convertsSparse, encoding.sparseRatio, encoding.sparseSafe];
    }),
    encode_max_depth: setting(1, (args) => {
      encoding.depthMax = boundedAt(args, 0, encoding.depthMax, 1, intMax);
      return [encoding.depthMax];
    }),
    decode_max_depth: setting(1, (args) => {
      decoding.depthMax = boundedAt(args, 0, decoding.depthMax, 1, intMax);
      return [decoding.depthMax];
    }),
    encode_number_precision: setting(1, (args) => {
      encoding.precision = boundedAt(args, 0, encoding.precision, 1, 14);
      return [encoding.precision];
    }),
    encode_keep_buffer: setting(1, (args) => {
      keepsBuffer = switchAt(args, 0, keepsBuffer);
      return [keepsBuffer];
    }),
    encode_invalid_numbers: setting(1, (args) => {
      const [value] = args;
      if (value === 'null') encoding.invalidNumbers = 'null';
      else if (value !== undefined) {
        encoding.invalidNumbers = switchAt(args, 0, false) ? 'on' : 'off';
      }
      return [encoding.invalidNumbers === 'null' ? 'null' : encoding.invalidNumbers === 'on'];
    }),
    decode_invalid_numbers: setting(1, (args) => {
      decoding.takesInvalidNumbers = switchAt(args, 0, decoding.takesInvalidNumbers);
      return [decoding.takesInvalidNumbers];
    }),
    new: () => [jsonLibrary()],
  });
  library.set('null', jsonNull);
  library.set('_NAME', 'cjson');
  library.set('_VERSION', '2.1.0');
  return library;
}

function setting(argumentsMax: number, run: (args: readonly LuaValue[]) => LuaValue[]): Native {
  return (args) => {
    if (args.length > argumentsMax) throw new ArgumentFault(argumentsMax + 1, 'found too many arguments');
    return run(args);
  };
}

function switchAt(args: readonly LuaValue[], index: number, current: boolean): boolean {
  const value = args[index];
  if (value === undefined) return current;
  if (typeof value === 'boolean') return value;
  const text = textAt(args, index);
  if (text !== 'on' && text !== 'off') throw new ArgumentFault(index + 1, `invalid option '${text}'`);
  return text === 'on';
}

function boundedAt(
  args: readonly LuaValue[],
  index: number,
  current: number,
  minimum: number,
  maximum: number,
): number {
  if (args[index] === undefined) return current;
  const value = integerAt(args, index);
  if (value < minimum || value > maximum) {
    throw new ArgumentFault(1, `expected integer between ${minimum} and ${maximum}`);
  }
  return value;
}
