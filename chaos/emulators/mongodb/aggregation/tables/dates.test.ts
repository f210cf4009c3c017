/** Dates: months' ends, clocks that change, weeks of years, and text. */
import { ObjectId, Timestamp } from 'bson';
import { describe } from 'vitest';
import { date, itGives, itRefuses, long } from './table.ts';

const newYork = 'America/New_York';
const berlin = 'Europe/Berlin';

describe('$dateAdd and $dateSubtract', () => {
  itGives([
    [
      { $dateAdd: { startDate: date('2021-01-31T12:00:00Z'), unit: 'month', amount: 1 } },
      date('2021-02-28T12:00:00Z'),
    ],
    [
      { $dateAdd: { startDate: date('2020-01-31T12:00:00Z'), unit: 'month', amount: 1 } },
      date('2020-02-29T12:00:00Z'),
    ],
    [
      { $dateSubtract: { startDate: date('2020-03-31T00:00:00Z'), unit: 'month', amount: 1 } },
      date('2020-02-29T00:00:00Z'),
    ],
    [
      { $dateAdd: { startDate: date('2020-02-29T00:00:00Z'), unit: 'year', amount: 1 } },
      date('2021-02-28T00:00:00Z'),
    ],
    [
      { $dateAdd: { startDate: date('2020-11-30T00:00:00Z'), unit: 'quarter', amount: 1 } },
      date('2021-02-28T00:00:00Z'),
    ],
    // The day has 23 hours: the time of day is kept, hours are not.
    [
      { $dateAdd: { startDate: date('2021-03-13T12:00:00Z'), unit: 'day', amount: 1, timezone: newYork } },
      date('2021-03-14T11:00:00Z'),
    ],
    [
      { $dateAdd: { startDate: date('2021-03-13T12:00:00Z'), unit: 'hour', amount: 24, timezone: newYork } },
      date('2021-03-14T12:00:00Z'),
    ],
    // 02:30 does not exist on that day.
    [
      { $dateAdd: { startDate: date('2021-03-13T07:30:00Z'), unit: 'day', amount: 1, timezone: newYork } },
      date('2021-03-14T07:30:00Z'),
    ],
    [{ $dateAdd: { startDate: '$d', unit: 'day', amount: null } }, null, { d: date('2021-01-01T00:00:00Z') }],
    [{ $dateAdd: { startDate: '$nothing', unit: 'day', amount: 1 } }, null],
  ]);
  itRefuses([
    [{ $dateAdd: { startDate: 'x', unit: 'day', amount: 1 } }, 5_166_403],
    [{ $dateAdd: { startDate: '$d', unit: 'fortnight', amount: 1 } }, 9, { d: date('2021-01-01T00:00:00Z') }],
    [
      { $dateAdd: { startDate: '$d', unit: 'day', amount: 1.5 } },
      5_166_405,
      { d: date('2021-01-01T00:00:00Z') },
    ],
    [
      { $dateAdd: { startDate: '$d', unit: 'day', amount: 1, timezone: 'Mars/Base' } },
      40_485,
      { d: date('2021-01-01T00:00:00Z') },
    ],
  ]);
});

describe('$dateDiff and $dateTrunc', () => {
  itGives([
    [
      {
        $dateDiff: {
          startDate: date('2020-12-31T23:59:59Z'),
          endDate: date('2021-01-01T00:00:00Z'),
          unit: 'year',
        },
      },
      long(1),
    ],
    [
      {
        $dateDiff: {
          startDate: date('2021-01-02T00:00:00Z'),
          endDate: date('2021-01-03T00:00:00Z'),
          unit: 'week',
        },
      },
      long(1),
    ],
    [
      {
        $dateDiff: {
          startDate: date('2021-01-02T00:00:00Z'),
          endDate: date('2021-01-03T00:00:00Z'),
          unit: 'week',
          startOfWeek: 'monday',
        },
      },
      long(0),
    ],
    [
      {
        $dateDiff: {
          startDate: date('2021-01-01T03:00:00Z'),
          endDate: date('2021-01-01T06:00:00Z'),
          unit: 'day',
          timezone: newYork,
        },
      },
      long(1),
    ],
    [
      {
        $dateDiff: {
          startDate: date('2021-01-01T00:00:00Z'),
          endDate: date('2020-01-01T00:00:00Z'),
          unit: 'month',
        },
      },
      long(-12),
    ],
    [{ $dateTrunc: { date: date('2021-05-15T12:34:56Z'), unit: 'quarter' } }, date('2021-04-01T00:00:00Z')],
    [
      { $dateTrunc: { date: date('2021-05-15T12:34:56Z'), unit: 'hour', binSize: 6 } },
      date('2021-05-15T12:00:00Z'),
    ],
    [
      { $dateTrunc: { date: date('2021-05-15T12:34:56Z'), unit: 'week', startOfWeek: 'Mon' } },
      date('2021-05-10T00:00:00Z'),
    ],
    [
      { $dateTrunc: { date: date('2021-07-01T02:00:00Z'), unit: 'day', timezone: newYork } },
      date('2021-06-30T04:00:00Z'),
    ],
    [
      { $dateTrunc: { date: date('1999-12-31T23:00:00Z'), unit: 'year', binSize: 2 } },
      date('1998-01-01T00:00:00Z'),
    ],
  ]);
});

describe('parts', () => {
  itGives([
    [{ $dateFromParts: { year: 2021, month: 2, day: 30 } }, date('2021-03-02T00:00:00Z')],
    [{ $dateFromParts: { year: 2021, month: 14, day: 0 } }, date('2022-01-31T00:00:00Z')],
    [
      { $dateFromParts: { year: 2021, month: 7, day: 1, hour: 12, timezone: berlin } },
      date('2021-07-01T10:00:00Z'),
    ],
    [
      { $dateFromParts: { year: 2021, month: 3, day: 28, hour: 2, minute: 30, timezone: berlin } },
      date('2021-03-28T01:30:00Z'),
    ],
    [{ $dateFromParts: { isoWeekYear: 2021, isoWeek: 1, isoDayOfWeek: 1 } }, date('2021-01-04T00:00:00Z')],
    [{ $dateFromParts: { year: '$nothing' } }, null],
    [
      { $dateToParts: { date: date('2021-07-01T22:30:00.007Z'), timezone: berlin } },
      { year: 2021, month: 7, day: 2, hour: 0, minute: 30, second: 0, millisecond: 7 },
    ],
    [{ $year: '$nothing' }, null],
    [{ $year: null }, null],
    [{ $year: [date('2021-01-01T00:00:00Z')] }, 2021],
    [{ $month: new ObjectId('5f5e10000000000000000000') }, 9],
    [{ $year: new Timestamp({ t: 1_600_000_000, i: 1 }) }, 2020],
    [{ $isoWeek: date('2021-01-01T00:00:00Z') }, 53],
    [{ $isoWeekYear: date('2021-01-01T00:00:00Z') }, long(2020)],
    [{ $week: date('2021-01-02T00:00:00Z') }, 0],
    [{ $dayOfWeek: date('2021-01-03T00:00:00Z') }, 1],
    [{ $isoDayOfWeek: date('2021-01-03T00:00:00Z') }, 7],
    [{ $dayOfYear: date('2020-12-31T00:00:00Z') }, 366],
    [{ $hour: { date: date('2021-01-01T00:00:00Z'), timezone: '-0530' } }, 18],
    [{ $year: { date: date('2021-01-01T00:00:00Z'), timezone: null } }, null],
  ]);
  itRefuses([
    [{ $year: 'x' }, 16_006],
    [{ $dateFromParts: { year: 10_000 } }, 40_523],
    [{ $dateFromParts: { year: 2021, isoWeek: 1 } }, 40_489],
    [{ $year: [] }, 40_536],
  ]);
});

describe('text', () => {
  itGives([
    [{ $dateToString: { date: date('2021-07-01T22:30:00.007Z') } }, '2021-07-01T22:30:00.007Z'],
    [
      {
        $dateToString: {
          date: date('2021-07-01T22:30:00Z'),
          format: '%d.%m.%Y %H:%M %z %j %G-%V-%u',
          timezone: berlin,
        },
      },
      '02.07.2021 00:30 +0200 183 2021-26-5',
    ],
    [{ $dateToString: { date: null, onNull: 'never' } }, 'never'],
    [{ $dateToString: { date: '$nothing' } }, null],
    [{ $dateFromString: { dateString: '2021-07-01T10:00:00' } }, date('2021-07-01T10:00:00Z')],
    [{ $dateFromString: { dateString: '2021-07-01T10:00:00+02:00' } }, date('2021-07-01T08:00:00Z')],
    [
      { $dateFromString: { dateString: '2021-07-01 10:00', timezone: newYork } },
      date('2021-07-01T14:00:00Z'),
    ],
    [{ $dateFromString: { dateString: '07/04/2021' } }, date('2021-07-04T00:00:00Z')],
    [{ $dateFromString: { dateString: 'July 4th, 2021 3:05 pm' } }, date('2021-07-04T15:05:00Z')],
    [{ $dateFromString: { dateString: 'Thu, 01 Jul 2021 10:00:00 GMT' } }, date('2021-07-01T10:00:00Z')],
    [{ $dateFromString: { dateString: '01.07.2021', format: '%d.%m.%Y' } }, date('2021-07-01T00:00:00Z')],
    [{ $dateFromString: { dateString: 'nonsense', onError: 'bad' } }, 'bad'],
    [{ $dateFromString: { dateString: null, onNull: 'none' } }, 'none'],
  ]);
  itRefuses([
    [{ $dateFromString: { dateString: '2021-02-30' } }, 241],
    [{ $dateFromString: { dateString: '2021' } }, 241],
    [{ $dateToString: { date: '$d', format: '%Q' } }, 18_536, { d: date('2021-01-01T00:00:00Z') }],
  ]);
});
