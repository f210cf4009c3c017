/** The outputs named by `--out`. */
import { RunError } from '../errors.ts';
import type { SampleOutput } from '../engine/samples.ts';
import { CsvOutput, parseCsvSettings } from './csv-output.ts';
import { JsonOutput } from './json-output.ts';
import { LineWriter } from './line-writer.ts';

export function openOutputs(
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): SampleOutput[] {
  return names.map((name) => {
    const separator = name.indexOf('=');
    const kind = separator < 0 ? name : name.slice(0, separator);
    const target = separator < 0 ? '' : name.slice(separator + 1);
    switch (kind) {
      case 'csv':
        return new CsvOutput(parseCsvSettings(target, environment));
      case 'json':
        return new JsonOutput(
          target === '' || target === '-' ? LineWriter.toDescriptor(1) : LineWriter.toFile(target),
        );
      default:
        throw new RunError('usage', `invalid output type '${kind}', available types are: csv, json`, {
          hint: 'the built-in runtime writes samples as csv=FILE and json=FILE',
        });
    }
  });
}
