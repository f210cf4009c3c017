/** With what a piece of work was begun that can be taken up again: one JSON file in its folder, of a version of its own. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { parseJson } from '../parse-json.ts';

export interface SettingsFile<Settings> {
  write(folder: string, settings: Settings): Promise<void>;
  /** Throws UsageError when the folder, given after --resume, holds none. */
  read(folder: string): Promise<Settings>;
}

export interface SettingsFileOptions<Settings> {
  readonly fileName: string;
  /** Field that holds the version of the file, 1. */
  readonly versionName: string;
  /** Of an object, without the version. */
  readonly schema: z.ZodType<Settings>;
  /** What a folder with it holds, as in "a calibration". */
  readonly holds: string;
  /** Command that named the folder at its start. */
  readonly command: string;
}

const version = 1;
const objectSchema = z.record(z.string(), z.unknown());

export function settingsFile<Settings extends object>(
  options: SettingsFileOptions<Settings>,
): SettingsFile<Settings> {
  const { fileName, versionName, schema, holds, command } = options;
  return {
    write: async (folder, settings) => {
      const text = JSON.stringify({ [versionName]: version, ...settings }, null, 1);
      await writeFile(join(folder, fileName), `${text}\n`);
    },
    read: async (folder) => {
      const text = await readFile(join(folder, fileName), 'utf8').catch(() => '');
      const { [versionName]: written, ...rest } = objectSchema.catch({}).parse(parseJson(text));
      const parsed = schema.safeParse(rest);
      if (written === version && parsed.success) return parsed.data;
      throw new UsageError(
        `--resume "${folder}" holds no ${holds}`,
        `give the folder that ${command} named at its start`,
      );
    },
  };
}
