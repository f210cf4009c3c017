/** The lines of a script that an exception went through, with the numbers of the files as they were written. */
import { SourceMap } from 'node:module';
import type { ErrorFacts } from '../api/host.ts';
import type { ScriptGraph } from './script-graph.ts';

const runtimeFolder = new URL('..', import.meta.url).href;
const frame = /((?:file|https?):\/\/[^\s()]+):(\d+):(\d+)/;

export class StackTraces {
  readonly #graph: ScriptGraph;
  readonly #maps = new Map<string, SourceMap | undefined>();

  constructor(graph: ScriptGraph) {
    this.#graph = graph;
  }

  describe({ message, name, stack }: ErrorFacts): string {
    if (name === '' && stack === '') return message;
    const lines = stack
      .split('\n')
      .filter(
        (line) => line.trimStart().startsWith('at ') && frame.test(line) && !line.includes(runtimeFolder),
      )
      .map((line) => `\t${this.#mapped(line.trim())}`);
    const named = name === '' || message.startsWith(name) ? 'Error' : name;
    return [`${named}: ${message}`, ...lines].join('\n');
  }

  #mapped(line: string): string {
    return line.replace(frame, (place, url: string, lineNumber: string, column: string) => {
      const map = this.#mapOf(url);
      const entry = map?.findEntry(Number(lineNumber) - 1, Number(column) - 1);
      if (entry === undefined || !('originalLine' in entry)) return place;
      return `${url}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    });
  }

  #mapOf(url: string): SourceMap | undefined {
    if (!this.#maps.has(url)) {
      const json = this.#graph.find(url)?.code.sourceMap;
      this.#maps.set(url, json === undefined ? undefined : new SourceMap(JSON.parse(json)));
    }
    return this.#maps.get(url);
  }
}
