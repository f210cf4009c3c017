import { describe, expect, it } from 'vitest';
import { answersOf, playersHeld } from './answers.ts';
import { capacityReportSchema } from './capacity-report.ts';
import { capacityCsv, growthCsv } from './csv.ts';
import { parseCapacityReport } from './read-capacity-report.ts';
import { renderCapacityHtml } from './render-html.ts';
import { renderText } from './render-text.ts';
import { syntheticCapacity } from './synthetic-capacity.ts';

const report = syntheticCapacity({ growthExponent: 1.8 });

describe('the answers', () => {
  it('are four, from the figures', () => {
    const [players, on, breaks, fault] = answersOf(report);
    expect(players?.answer).toMatch(/^2,\d{3} players at once \(95 %: /);
    expect(on?.answer).toContain('2 processors');
    expect(breaks?.answer).toContain('Event loop of api-1');
    expect(breaks?.answer).toContain('a turn against the generals');
    expect(fault?.answer).toMatch(/Redis away: (4|5)\d % is left/);
  });

  it('do not call it a gain when the undisturbed search was hindered', () => {
    const hindered = { ...report, faults: report.faults.toReversed() };
    expect(answersOf(hindered)[3]?.answer).toContain('undecided');
  });

  it('take the turns from what is left for requests', () => {
    const held = playersHeld(report);
    expect(held?.turnShare).toBeGreaterThan(0);
    // 976 requests a second meet the objective; a player makes 0.367 of them.
    expect(held?.players).toBeGreaterThan(2_500);
    expect(held?.players).toBeLessThan(2_665);
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
