/** Strings: null, missing, the empty string, and text that is not ASCII; regular expressions of PCRE. */
import { BSONRegExp } from 'bson';
import { describe } from 'vitest';
import { date, decimal, double, itGives, itRefuses, long } from './table.ts';

describe('strings', () => {
  itGives([
    [{ $concat: [] }, ''],
    [{ $concat: ['a', '$nothing'] }, null],
    [{ $toUpper: '$nothing' }, ''],
    [{ $toUpper: null }, ''],
    [{ $toUpper: 'straße é' }, 'STRAßE é'],
    [{ $toLower: 12.5 }, '12.5'],
    [{ $toLower: date('2021-01-01T00:00:00Z') }, '2021-01-01t00:00:00.000z'],
    [{ $strLenCP: 'ä🎉' }, 2],
    [{ $strLenBytes: 'ä🎉' }, 6],
    [{ $substrCP: ['ä🎉b', 1, 1] }, '🎉'],
    [{ $substrBytes: ['äb', 2, -1] }, 'b'],
    [{ $substr: [12_345, 1, 2] }, '23'],
    [{ $substrBytes: ['$nothing', 0, 1] }, ''],
    [{ $indexOfCP: ['ä🎉b', 'b'] }, 2],
    [{ $indexOfBytes: ['ä🎉b', 'b'] }, 6],
    [{ $indexOfBytes: ['abc', ''] }, 0],
    [{ $indexOfBytes: [null, 'x'] }, null],
    [{ $indexOfBytes: ['$nothing', 'x'] }, null],
    [{ $indexOfCP: ['abc', 'c', 1, 2] }, -1],
    [{ $indexOfCP: ['', ''] }, 0],
    [{ $split: ['a-b-', '-'] }, ['a', 'b', '']],
    [{ $split: [null, '-'] }, null],
    [{ $trim: { input: '\u00a0 x\t' } }, 'x'],
    [{ $ltrim: { input: 'xxa', chars: 'x' } }, 'a'],
    [{ $replaceAll: { input: 'a.a', find: '.', replacement: { $literal: '$&' } } }, 'a$&a'],
    [{ $replaceOne: { input: null, find: 'a', replacement: 'b' } }, null],
    [{ $strcasecmp: ['a', 'B'] }, -1],
    [{ $strcasecmp: [null, ''] }, 0],
  ]);
  itRefuses([
    [{ $concat: ['a', 1] }, 16_702],
    [{ $strLenCP: '$nothing' }, 34_471],
    [{ $strLenBytes: null }, 34_473],
    [{ $substrBytes: ['ä', 1, 1] }, 28_656],
    [{ $substrBytes: ['ä', 0, 1] }, 28_657],
    [{ $indexOfBytes: ['a', null] }, 40_092],
    [{ $split: ['a', ''] }, 40_087],
    [{ $toLower: { $literal: [] } }, 16_007],
  ]);
});

describe('regular expressions', () => {
  itGives([
    [{ $regexMatch: { input: 'line\nnext', regex: '\\Anext' } }, false],
    [{ $regexMatch: { input: 'line\n', regex: 'line\\Z' } }, true],
    [{ $regexMatch: { input: 'line\n', regex: 'line\\z' } }, false],
    [{ $regexMatch: { input: 'line\n', regex: 'line$' } }, true],
    [{ $regexMatch: { input: 'a\tb', regex: 'a\\hb' } }, true],
    [{ $regexMatch: { input: 'a.b', regex: '^\\Qa.b\\E$' } }, true],
    [{ $regexMatch: { input: 'axb', regex: '^\\Qa.b\\E$' } }, false],
    [{ $regexMatch: { input: 'x7', regex: '[[:alpha:]][[:digit:]]' } }, true],
    [{ $regexMatch: { input: 'AB', regex: 'a(?i)b' } }, false],
    [{ $regexMatch: { input: 'aB', regex: 'a(?i)b' } }, true],
    [{ $regexMatch: { input: 'aaa', regex: 'a++a' } }, false],
    [{ $regexMatch: { input: 'aaab', regex: '(?>a+)b' } }, true],
    [{ $regexMatch: { input: 'a b', regex: 'a # letter', options: 'x' } }, true],
    [{ $regexMatch: { input: 'é', regex: '^.$' } }, true],
    [{ $regexMatch: { input: '🎉', regex: '^.$' } }, true],
    [{ $regexMatch: { input: null, regex: 'a' } }, false],
    [{ $regexFind: { input: 'ä🎉xyz', regex: '(x)(q)?' } }, { match: 'x', idx: 2, captures: ['x', null] }],
    [
      { $regexFind: { input: 'aab1', regex: '((?>a+)b)(\\d)' } },
      { match: 'aab1', idx: 0, captures: ['aab', '1'] },
    ],
    [
      { $regexFind: { input: 'abab', regex: '(a)(b)\\1\\2' } },
      { match: 'abab', idx: 0, captures: ['a', 'b'] },
    ],
    [{ $regexFind: { input: '$nothing', regex: 'a' } }, null],
    [
      { $regexFindAll: { input: 'a1b22', regex: new BSONRegExp('\\d+') } },
      [
        { match: '1', idx: 1, captures: [] },
        { match: '22', idx: 3, captures: [] },
      ],
    ],
  ]);
  itRefuses([
    [{ $regexMatch: { input: 'a', regex: '(' } }, 51_111],
    [{ $regexMatch: { input: 'a', regex: '(?(1)a|b)' } }, 51_111],
    [{ $regexMatch: { input: 'a', regex: 'a', options: 'q' } }, 51_108],
    [{ $regexMatch: { input: 1, regex: 'a' } }, 51_104],
  ]);
});

describe('conversions', () => {
  itGives([
    [{ $toString: 1e16 }, '1e+16'],
    [{ $toString: 0.1 }, '0.1'],
    [{ $toString: decimal('1.50') }, '1.50'],
    [{ $toString: long(5) }, '5'],
    [{ $toInt: '-12' }, -12],
    [{ $toInt: 2.9 }, 2],
    [{ $toLong: date('1970-01-01T00:00:01Z') }, long(1000)],
    [{ $toDouble: '1e3' }, double(1000)],
    [{ $toDecimal: 2.5 }, decimal('2.50000000000000')],
    [{ $toBool: 'false' }, true],
    [{ $toBool: decimal('0') }, false],
    [{ $toInt: null }, null],
    [{ $toInt: '$nothing' }, null],
    [{ $convert: { input: 'x', to: 'int', onError: 'no' } }, 'no'],
    [{ $convert: { input: null, to: 'int', onNull: 'none' } }, 'none'],
    [{ $convert: { input: 1, to: 2 } }, '1'],
    [{ $type: '$nothing' }, 'missing'],
    [{ $type: 1.5 }, 'double'],
    [{ $type: long(1) }, 'long'],
    [{ $type: { $literal: [] } }, 'array'],
    [{ $isNumber: '1' }, false],
  ]);
  itRefuses([
    [{ $toInt: '1.5' }, 241],
    [{ $toInt: 2_147_483_648 }, 241],
    [{ $toObjectId: 'xyz' }, 241],
    [{ $toDate: 5 }, 241],
    [{ $toInt: Number.NaN }, 241],
    [{ $toString: { $literal: [] } }, 241],
    [{ $convert: { input: 1, to: 'integer' } }, 2],
  ]);
});
