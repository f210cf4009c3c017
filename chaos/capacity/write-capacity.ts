/** What a measurement of capacity leaves behind in the folder of its run: report.json, report.html, and tables as CSV. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CapacityReport } from '../../reports/capacity/capacity-report.ts';
import { capacityCsv, growthCsv } from '../../reports/capacity/csv.ts';
import { renderCapacityHtml } from '../../reports/capacity/render-html.ts';

export async function writeCapacity(folder: string, report: CapacityReport): Promise<void> {
  await Promise.all([
    writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 1)}\n`),
    writeFile(join(folder, 'report.html'), renderCapacityHtml(report)),
    writeFile(join(folder, 'steps.csv'), capacityCsv(report)),
    writeFile(join(folder, 'growth.csv'), growthCsv(report)),
  ]);
}
