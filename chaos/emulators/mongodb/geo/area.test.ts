/** Areas on the sphere and on the plane. */
import { describe, expect, it } from 'vitest';
import { geoIntersectsTest, geoWithinTest } from './area.ts';
import { locate, parseNear } from './near.ts';
import { angularDistance, earthRadiusMeters } from './sphere.ts';

const square = (from: number, to: number): number[][] => [
  [from, from],
  [to, from],
  [to, to],
  [from, to],
  [from, from],
];
const polygon = (...rings: number[][][]) => ({ $geometry: { type: 'Polygon', coordinates: rings } });
const point = (...coordinates: number[]) => ({ type: 'Point', coordinates });

describe('$geoWithin', () => {
  it.each([
    [polygon(square(0, 10)), point(5, 5), true],
    [polygon(square(0, 10)), point(11, 5), false],
    [polygon(square(0, 10)), point(0, 0), true],
    [polygon(square(0, 10)), [5, 5], true],
    [polygon(square(0, 10)), { lng: 5, lat: 5 }, true],
    [polygon(square(0, 10), square(4, 6)), point(5, 5), false],
    [polygon(square(0, 10), square(4, 6)), point(3, 3), true],
    [
      polygon(square(0, 10)),
      {
        type: 'LineString',
        coordinates: [
          [1, 1],
          [9, 9],
        ],
      },
      true,
    ],
    [
      polygon(square(0, 10)),
      {
        type: 'LineString',
        coordinates: [
          [1, 1],
          [11, 9],
        ],
      },
      false,
    ],
    [polygon(square(0, 10)), { type: 'Polygon', coordinates: [square(2, 3)] }, true],
    [polygon(square(0, 10), square(4, 6)), { type: 'Polygon', coordinates: [square(3, 7)] }, false],
    // Across the date line, where longitudes jump.
    [
      polygon([
        [170, -5],
        [-170, -5],
        [-170, 5],
        [170, 5],
        [170, -5],
      ]),
      point(180, 0),
      true,
    ],
    [
      polygon([
        [170, -5],
        [-170, -5],
        [-170, 5],
        [170, 5],
        [170, -5],
      ]),
      point(0, 0),
      false,
    ],
    // An edge along a great circle bulges towards the pole.
    [
      polygon([
        [-60, 40],
        [60, 40],
        [60, 80],
        [-60, 80],
        [-60, 40],
      ]),
      point(0, 45),
      false,
    ],
    [
      {
        $box: [
          [0, 0],
          [2, 2],
        ],
      },
      [1, 2],
      true,
    ],
    [
      {
        $box: [
          [0, 0],
          [2, 2],
        ],
      },
      point(3, 1),
      false,
    ],
    [
      {
        $polygon: [
          [0, 0],
          [4, 0],
          [0, 4],
        ],
      },
      [1, 1],
      true,
    ],
    [
      {
        $polygon: [
          [0, 0],
          [4, 0],
          [0, 4],
        ],
      },
      [3, 3],
      false,
    ],
    [{ $center: [[0, 0], 5] }, [3, 4], true],
    [{ $center: [[0, 0], 5] }, [4, 4], false],
    [{ $centerSphere: [[0, 0], Math.PI / 180] }, point(0.9, 0), true],
    [{ $centerSphere: [[0, 0], Math.PI / 180] }, point(1.1, 0), false],
    [polygon(square(0, 10)), 'nowhere', false],
  ])('%j and %j: %s', (operand, value, expected) => {
    expect(geoWithinTest(operand)(value)).toBe(expected);
  });

  it.each([
    [
      {
        $geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [0, 0],
              [1, 0],
              [1, 1],
            ],
          ],
        },
      },
    ],
    [{ $geometry: { type: 'Pentagon', coordinates: [] } }],
    [{ $geometry: point(0, 0) }],
    [
      polygon([
        [0, 0],
        [200, 0],
        [0, 10],
        [0, 0],
      ]),
    ],
    [{ $center: [[0, 0], -1] }],
    [{ $sphere: 1 }],
    [7],
  ])('refuses %j', (operand) => {
    expect(() => geoWithinTest(operand)).toThrow(expect.objectContaining({ code: 2 }));
  });
});

describe('$geoIntersects', () => {
  const line = (...coordinates: number[][]) => ({ type: 'LineString', coordinates });
  it.each([
    [line([0, 0], [10, 10]), line([0, 10], [10, 0]), true],
    [line([0, 0], [10, 10]), line([20, 0], [30, 0]), false],
    [{ type: 'Polygon', coordinates: [square(0, 10)] }, point(10, 5), true],
    [
      { type: 'Polygon', coordinates: [square(0, 10)] },
      { type: 'Polygon', coordinates: [square(9, 12)] },
      true,
    ],
    [
      { type: 'Polygon', coordinates: [square(0, 10)] },
      { type: 'Polygon', coordinates: [square(2, 3)] },
      true,
    ],
    [
      { type: 'Polygon', coordinates: [square(0, 10)] },
      { type: 'Polygon', coordinates: [square(20, 30)] },
      false,
    ],
    [
      point(1, 1),
      {
        type: 'MultiPoint',
        coordinates: [
          [0, 0],
          [1, 1],
        ],
      },
      true,
    ],
  ])('%j and %j: %s', (geometry, value, expected) => {
    expect(geoIntersectsTest({ $geometry: geometry })(value)).toBe(expected);
    expect(geoIntersectsTest({ $geometry: value })(geometry)).toBe(expected);
  });
});

describe('$near', () => {
  it('measures meters from GeoJSON, radians or units of a plane from pairs', () => {
    const document = { at: point(1, 0) };
    const degreeMeters = (earthRadiusMeters * Math.PI) / 180;
    const meters = parseNear('$near', { $near: { $geometry: point(0, 0) } });
    expect(locate(document, 'at', meters)?.distance).toBeCloseTo(degreeMeters, 5);
    expect(locate(document, 'at', parseNear('$nearSphere', { $nearSphere: [0, 0] }))?.distance).toBeCloseTo(
      Math.PI / 180,
      12,
    );
    expect(locate(document, 'at', parseNear('$near', { $near: [0, 0] }))?.distance).toBe(1);
  });

  it('leaves out what is too near or too far', () => {
    const near = parseNear('$near', { $near: [0, 0], $minDistance: 2, $maxDistance: 4 });
    expect([1, 2, 3, 4, 5].filter((x) => locate({ at: [x, 0] }, 'at', near) !== undefined)).toEqual([
      2, 3, 4,
    ]);
  });

  it('knows the distance between two cities', () => {
    const [paris, london] = [[2.3522, 48.8566] as const, [-0.1276, 51.5072] as const];
    const kilometers = (angularDistance(paris, london) * earthRadiusMeters) / 1000;
    expect(kilometers).toBeGreaterThan(343);
    expect(kilometers).toBeLessThan(345);
  });
});
