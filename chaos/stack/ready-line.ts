/** The line by which the embedded servers say that they accept connections. */
import { z } from 'zod';

const schema = z.object({ event: z.literal('ready'), port: z.int() });

export function isReadyLine(line: string): boolean {
  try {
    return schema.safeParse(JSON.parse(line)).success;
  } catch {
    return false;
  }
}
