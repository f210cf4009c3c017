/** A logger at the default level whose lines a test can read. */
import pino from 'pino';
import { z } from 'zod';
import type { Logger } from '../observability/logger.ts';

const lineSchema = z.looseObject({ level: z.number(), msg: z.string() });
type LogLine = z.output<typeof lineSchema>;

export function collectLogs(): { readonly logger: Logger; readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const logger = pino(
    { level: 'info' },
    { write: (line: string) => void lines.push(lineSchema.parse(JSON.parse(line))) },
  );
  return { logger, lines };
}
