/** What pipelines may use, as the table of the documentation, made from the registries. */
import { updateOperators } from '../query/update/registry.ts';
import { accumulators } from './accumulators/registry.ts';
import { documentStages } from './document-stages.ts';
import { operatorGroups } from './expressions/registry.ts';
import { outputStages, sourceStages, stages } from './stage-registry.ts';
import { windowFunctions } from './windows/registry.ts';

const widthMax = 120;

/** Markdown, no line longer than the documentation's. */
export function supportTable(): string {
  const rows = [
    ...rowsOf('stages', [...Object.keys(stages), ...Object.keys(documentStages)]),
    ...rowsOf(
      'first or last stages',
      [...sourceStages, ...outputStages].filter((name) => !unsupportedSources.has(name)),
    ),
    ...rowsOf('accumulators', Object.keys(accumulators)),
    ...rowsOf('window functions', Object.keys(windowFunctions)),
    ...Object.entries(operatorGroups).flatMap(([group, table]) => rowsOf(group, Object.keys(table))),
    ...rowsOf('update operators', [...updateOperators.keys(), '$rename']),
  ];
  return ['| kind | names |', '|---|---|', ...rows].join('\n');
}

const unsupportedSources: ReadonlySet<string> = new Set(['$planCacheStats']);

/** As many rows as the names need. */
function rowsOf(kind: string, names: readonly string[]): string[] {
  const rows: string[] = [];
  let row = `| ${kind} |`;
  for (const name of names.toSorted()) {
    const cell = ` \`${name}\``;
    if (row.length + cell.length + 2 > widthMax) {
      rows.push(`${row} |`);
      row = '| |';
    }
    row += cell;
  }
  return [...rows, `${row} |`];
}
