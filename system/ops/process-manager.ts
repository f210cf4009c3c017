/** PM2 as the operator's tools see it: which processes there are, how they are, and how one is restarted. */
import { z } from 'zod';
import { runProgram } from './run-program.ts';

export interface ManagedProcess {
  /** PM2's own, as several may go by one name. */
  readonly id: number;
  readonly name: string;
  /** `online` when all is well, else another state of PM2. */
  readonly status: string;
  readonly memoryBytes: number;
  readonly logFiles: readonly string[];
}

export interface ProcessManager {
  list(): Promise<readonly ManagedProcess[]>;
  /** By a name all that go by it. */
  restart(process: number | string): Promise<void>;
}

const listSchema = z.array(
  z.looseObject({
    name: z.string(),
    pm_id: z.number(),
    monit: z.looseObject({ memory: z.number() }).optional(),
    pm2_env: z.looseObject({
      status: z.string(),
      pm_out_log_path: z.string().optional(),
      pm_err_log_path: z.string().optional(),
    }),
  }),
);

/** Throws when PM2 does not answer. */
export function createPm2(command: string): ProcessManager {
  return {
    list: async () => {
      const processes = listSchema.parse(JSON.parse(await runProgram(command, ['jlist'])));
      return processes.map(({ name, pm_id, monit, pm2_env }) => ({
        id: pm_id,
        name,
        status: pm2_env.status,
        memoryBytes: monit?.memory ?? 0,
        logFiles: [pm2_env.pm_out_log_path, pm2_env.pm_err_log_path].filter((file) => file !== undefined),
      }));
    },
    restart: async (process) => void (await runProgram(command, ['restart', String(process)])),
  };
}
