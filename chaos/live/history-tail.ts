/** Reads a history while it is being written: each time, what was added since the last. */
import { open } from 'node:fs/promises';
import { operationSchema, type Operation } from '../../reports/history/operation.ts';

export interface HistoryTail {
  /** Empty until the file exists. Lines that are not operations are ignored; the judge reports them. */
  read(): Promise<Operation[]>;
}

export function tailHistory(path: string): HistoryTail {
  let offset = 0;
  let rest = Buffer.alloc(0);
  return {
    read: async () => {
      const file = await open(path, 'r').catch(() => null);
      if (file === null) return [];
      await using opened = file;
      const { size } = await opened.stat();
      if (size <= offset) return [];
      const added = Buffer.alloc(size - offset);
      const { bytesRead } = await opened.read(added, 0, added.length, offset);
      offset += bytesRead;
      const text = Buffer.concat([rest, added.subarray(0, bytesRead)]);
      // The last line may not be whole yet, and be cut within a character.
      const end = text.lastIndexOf(0x0a) + 1;
      rest = text.subarray(end);
      return text.subarray(0, end).toString('utf8').split('\n').flatMap(parseLine);
    },
  };
}

function parseLine(line: string): Operation[] {
  try {
    const parsed = operationSchema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
