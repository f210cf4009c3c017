/** The option `httpDebug`: every request and answer in the log, with bodies when it says `full`. */
import type { ScriptLog } from '../output/script-log.ts';
import type { ParsedResponse } from './response-parser.ts';

export class HttpDebug {
  readonly #log: ScriptLog;
  readonly #full: boolean;

  constructor(log: ScriptLog, full: boolean) {
    this.#log = log;
    this.#full = full;
  }

  request(bytes: Buffer | string): void {
    const text = bytes.toString();
    const end = text.indexOf('\r\n\r\n') + 4;
    this.#tell('Request', this.#full ? text : text.slice(0, end));
  }

  response({ body, head }: ParsedResponse): void {
    const lines = Object.entries(head.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const start = `${head.proto} ${head.statusText}\r\n${lines.join('')}\r\n`;
    this.#tell('Response', this.#full ? start + body.toString() : start);
  }

  #tell(what: string, text: string): void {
    this.#log.report('info', `${what}:\n${text.replaceAll('\r\n', '\n')}\n`, { source: 'http-debug' });
  }
}
