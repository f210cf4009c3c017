/** The summary for people, at the end of a run. */
import type { SummaryData, SummaryGroup, SummaryMetric } from './summary-data.ts';

export function renderSummary(data: SummaryData): string {
  const lines = [...thresholdLines(data), ...checkLines(data.root_group, '  '), ''];
  const names = Object.keys(data.metrics).toSorted();
  const width = Math.max(0, ...names.map((name) => indented(name).length)) + 3;
  for (const name of names) {
    const metric = data.metrics[name];
    if (metric !== undefined)
      lines.push(`  ${`${indented(name)}`.padEnd(width, '.')}: ${valuesText(metric, data)}`);
  }
  return `${lines.join('\n')}\n`;
}

function indented(name: string): string {
  const brace = name.indexOf('{');
  return brace < 0 ? name : `  { ${name.slice(brace + 1, -1)} }`;
}

function thresholdLines({ metrics }: SummaryData): string[] {
  const lines = Object.entries(metrics).flatMap(([name, { thresholds }]) =>
    Object.entries(thresholds ?? {}).map(([source, { ok, unknown }]) => {
      const mark = unknown === true ? '?' : ok ? '✓' : '✗';
      return `  ${mark} ${name}: ${source}${unknown === true ? ' (no samples)' : ''}`;
    }),
  );
  return lines.length === 0 ? [] : ['', 'THRESHOLDS', ...lines];
}

function checkLines(group: SummaryGroup, indent: string): string[] {
  const checks = group.checks.map(({ fails, name, passes }) =>
    fails === 0
      ? `${indent}✓ ${name}`
      : `${indent}✗ ${name}: ${Math.floor((passes / (passes + fails)) * 100)}% (${passes} of ${passes + fails})`,
  );
  const inner = group.groups.flatMap((child) => {
    const lines = checkLines(child, `${indent}  `);
    return lines.length === 0 ? [] : [`${indent}█ ${child.name}`, ...lines];
  });
  const lines = [...checks, ...inner];
  return group.path === '' && lines.length > 0 ? ['', 'CHECKS', ...lines] : lines;
}

function valuesText({ contains, type, values }: SummaryMetric, data: SummaryData): string {
  const unit = data.options.summaryTimeUnit;
  const one = (value: number | undefined): string => formatValue(value ?? 0, contains, unit);
  switch (type) {
    case 'counter':
      return `${one(values['count'])} ${one(values['rate'])}/s`;
    case 'gauge':
      return `${one(values['value'])} min=${one(values['min'])} max=${one(values['max'])}`;
    case 'rate': {
      const total = (values['passes'] ?? 0) + (values['fails'] ?? 0);
      return `${((values['rate'] ?? 0) * 100).toFixed(2)}% ${values['passes'] ?? 0} out of ${total}`;
    }
    default:
      return Object.entries(values)
        .map(([stat, value]) => `${stat}=${stat === 'count' ? value : one(value)}`)
        .join(' ');
  }
}

function formatValue(value: number, contains: string, timeUnit: string): string {
  if (contains === 'data') return formatBytes(value);
  if (contains === 'time') return formatTime(value, timeUnit);
  return Number.isInteger(value) ? String(value) : value.toFixed(6).replace(/0+$/, '');
}

function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return `${power === 0 ? Math.round(bytes) : (bytes / 1000 ** power).toFixed(1)} ${units[power] ?? ''}`;
}

function formatTime(ms: number, unit: string): string {
  if (unit === 's') return `${(ms / 1000).toFixed(2)}s`;
  if (unit === 'us') return `${(ms * 1000).toFixed(2)}µs`;
  if (unit === 'ms') return `${ms.toFixed(2)}ms`;
  if (ms === 0) return '0s';
  if (Math.abs(ms) < 1) return `${(ms * 1000).toFixed(2)}µs`;
  if (Math.abs(ms) < 1000) return `${ms.toFixed(2)}ms`;
  return ms < 60_000
    ? `${(ms / 1000).toFixed(2)}s`
    : `${Math.floor(ms / 60_000)}m${((ms % 60_000) / 1000).toFixed(0)}s`;
}
