/** The outputs named by `--out`. */
import { RunError } from '../errors.ts';
import type { SampleOutput } from '../engine/samples.ts';
import { JsonOutput } from './json-output.ts';
import { LineWriter } from './line-writer.ts';

export function openOutputs(names: readonly string[]): SampleOutput[] {
  return names.map((name) => {
    const separator = name.indexOf('=');
    const kind = separator < 0 ? name : name.slice(0, separator);
    const target = separator < 0 ? '' : name.slice(separator + 1);
    if (kind !== 'json') {
      throw new RunError('usage', `invalid output type '${kind}', available types are: json`, {
        hint: 'the built-in runtime writes samples as json=FILE only',
      });
    }
    const toStdout = target === '' || target === '-';
    return new JsonOutput(toStdout ? LineWriter.toDescriptor(1) : LineWriter.toFile(target));
  });
}
