/** Ties commands of a trace to the operations that caused them, by what `chaos/target/tie-requests.mjs` noted in the processes of the target. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { firstIndex } from '../../reports/history/first-index.ts';

/** A client's port, the port of the proxy, position and length in the stream, whether several callers may have shared the write, and the operation. */
const tieSchema = z.tuple([z.int(), z.int(), z.number(), z.number(), z.literal([0, 1]), z.string()]);

interface Tie {
  readonly offset: number;
  readonly bytes: number;
  readonly shared: boolean;
  readonly operation: string;
}

export class RequestTies {
  readonly #streams: ReadonlyMap<string, readonly Tie[]>;

  constructor(lines: Iterable<string>) {
    const streams = new Map<string, Tie[]>();
    for (const line of lines) {
      const tie = tieSchema.safeParse(parsed(line));
      // A process that was killed leaves half a line.
      if (!tie.success) continue;
      const [from, to, offset, bytes, shared, operation] = tie.data;
      const stream = streams.get(`${from} ${to}`) ?? [];
      streams.set(`${from} ${to}`, stream);
      stream.push({ offset, bytes, shared: shared === 1, operation });
    }
    this.#streams = streams;
  }

  get none(): boolean {
    return this.#streams.size === 0;
  }

  /** Null where it is not known. `bytes`: length of the command. */
  operationOf(clientPort: number, proxyPort: number, offset: number, bytes: number): string | null {
    const stream = this.#streams.get(`${clientPort} ${proxyPort}`) ?? [];
    const tie = stream[firstIndex(stream, (each) => each.offset > offset) - 1];
    if (tie === undefined || offset >= tie.offset + tie.bytes) return null;
    // Several commands in one write that callers may have shared.
    if (tie.shared && bytes < tie.bytes) return null;
    return tie.operation;
  }
}

/** Reads what the processes noted, and removes the folder. */
export async function takeRequestTies(folder: string): Promise<RequestTies> {
  const files = await readdir(folder).catch(() => []);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  await rm(folder, { recursive: true, force: true });
  return new RequestTies(texts.flatMap((text) => text.split('\n')));
}

/** In the order in which the embedded Toxiproxy writes the fields; arguments come after them. */
const place =
  /^\{"proxy":"([^"]*)","connection":\d+,"peer":"[^"]*:(\d+)".*?"streamOffset":(\d+),"requestBytes":(\d+)/;

/** The line of a trace with its operation, where it is known. `ports`: of the proxies, by name. */
export function tiedLine(line: string, ties: RequestTies, ports: ReadonlyMap<string, number>): string {
  const [, proxy = '', peer, offset, bytes] = place.exec(line) ?? [];
  const port = ports.get(proxy);
  if (port === undefined) return line;
  const operation = ties.operationOf(Number(peer), port, Number(offset), Number(bytes));
  return operation === null ? line : `${line.slice(0, -1)},"operation":${JSON.stringify(operation)}}`;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
