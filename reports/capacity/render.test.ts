import { describe, expect, it } from 'vitest';
import { answersOf } from './answers.ts';
import { usersHeld } from './users-held.ts';
import { capacityReportSchema, parseCapacityReport } from './capacity-report.ts';
import { capacityCsv, growthCsv } from './csv.ts';
import { renderCapacityHtml } from './render-html.ts';
import { renderText } from './render-text.ts';
import { syntheticCapacity } from './testing/synthetic-capacity.ts';

const report = syntheticCapacity({ growthExponent: 1.8 });

describe('the answers', () => {
  it('are four, from the figures', () => {
    const [users, on, breaks, fault] = answersOf(report);
    expect(users?.answer).toMatch(/^2,\d{3} shoppers at once \(95 %: /);
    expect(on?.answer).toContain('2 processors');
    expect(breaks?.answer).toContain('Event loop of api-1');
    expect(breaks?.answer).toContain('a price change against the carts');
    expect(fault?.answer).toMatch(/redis-down: (4|5)\d % is left/);
  });

  it('say "at least" of what is left when no rate failed, and nothing when the undisturbed rate is not known', () => {
    const [undisturbed, down] = report.faults;
    if (undisturbed === undefined || down === undefined) throw new Error('the report has faults');
    const open = { outcome: 'at-least' as const, ratePerSecond: 300 };
    const left = { ...report, faults: [undisturbed, { ...down, sloRate: open }] };
    expect(answersOf(left)[3]?.answer).toMatch(/redis-down: at least \d+ % is left/);
    const unknown = { ...report, faults: [{ ...undisturbed, sloRate: open }, down] };
    expect(answersOf(unknown)[3]?.answer).toContain('redis-down: unknown');
  });

  it('do not call it a gain when the undisturbed search was hindered', () => {
    const hindered = { ...report, faults: report.faults.toReversed() };
    expect(answersOf(hindered)[3]?.answer).toContain('undecided');
  });

  it('take background work from what is left for requests', () => {
    const held = usersHeld(report);
    expect(held?.backgroundShare).toBeGreaterThan(0);
    // 976 requests a second meet the objective; a user makes 0.367 of them.
    expect(held?.users).toBeGreaterThan(2_500);
    expect(held?.users).toBeLessThan(2_665);
    const idle = usersHeld(report, { ...report.user, background: null });
    expect(idle?.users).toBeCloseTo((held?.users ?? 0) / (1 - (held?.backgroundShare ?? 0)), 6);
  });

  it('count fewer users of the same rate when each of them does more', () => {
    const busy = usersHeld(report, { ...report.user, readsPerMinute: 40, writesPerMinute: 4 });
    expect(busy?.users).toBeLessThan(0.6 * (usersHeld(report)?.users ?? 0));
  });

  it('explain every figure that is above the headline', () => {
    const [mix] = report.mixes;
    if (mix === undefined) throw new Error('the report has a mix');
    const low = {
      ...mix,
      sloRate: { outcome: 'bracketed' as const, ratePerSecond: 400, interval: { low: 390, high: 410 } },
    };
    const details = answersOf({ ...report, mixes: [low] })[0]?.details.join('\n') ?? '';
    expect(details).toMatch(/up to 1,0\d\d requests a second were answered, but not within the objective/);
    expect(details).toMatch(/above the headline were "undisturbed" with \d+, "redis-down" with \d+ requests/);
    expect(details).toContain('the ceiling of cart is higher because');
    const own = answersOf(report)[0]?.details.join('\n') ?? '';
    expect(own).not.toContain('above the headline');
  });

  it('say so when nothing meets the objective', () => {
    const [mix] = report.mixes;
    if (mix === undefined) throw new Error('the report has a mix');
    const never = {
      ...report,
      mixes: [{ ...mix, sloRate: { outcome: 'never' as const, lowestTriedPerSecond: 50 } }],
    };
    expect(answersOf(never)[0]?.answer).toContain('met at no rate');
    expect(renderText(never)).toContain('not met even at 50 requests a second');
  });
});

describe('the files', () => {
  it('hold every step and every point, a line each', () => {
    const steps = [...report.mixes, ...report.routes, ...report.faults].flatMap((one) => one.steps);
    const lines = capacityCsv(report).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + steps.length);
    expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1);
    expect(growthCsv(report).trimEnd().split('\r\n')).toHaveLength(1 + 4);
  });

  it('are read back as they were written', () => {
    const text = JSON.stringify(report);
    expect(parseCapacityReport(text, 'report')).toEqual(capacityReportSchema.parse(JSON.parse(text)));
  });

  it.each([
    ['cut off', '{"kind": "capa', 'REPORT_TRUNCATED'],
    ['of another kind', '{"schemaVersion": 1, "cells": []}', 'REPORT_FOREIGN'],
    ['of a later schema', '{"kind": "capacity", "schemaVersion": 99}', 'REPORT_NEWER'],
    ['no JSON', 'hello', 'REPORT_FOREIGN'],
  ])('that are %s are refused by name', (_, text, code) => {
    expect(() => parseCapacityReport(text, 'report')).toThrow(expect.objectContaining({ code }));
  });

  it('are one page, with the answers before the charts and nothing from outside', () => {
    const page = renderCapacityHtml({ ...report, notes: ['a note with <script>'] });
    expect(page.indexOf('What breaks first?')).toBeLessThan(page.indexOf('data-chart='));
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page).toContain('a note with &lt;script&gt;');
    expect(page).toContain('✓ Agrees with what was measured');
  });
});
