/** Finds the configuration file of the user and the target in it. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDefinedTarget, type Target } from '../api/define.ts';
import { RedcliffError, UsageError } from '../errors.ts';
import { resolvePublicModules } from './public-modules.ts';

const names = ['redcliff.config.ts', 'redcliff.config.mts', 'redcliff.config.js', 'redcliff.config.mjs'];

/** A target with its paths resolved. */
export interface LoadedTarget extends Target {
  /** Absolute path of the configuration file. */
  readonly configFile: string;
  /** Absolute path of the folder that processes start in and edits are relative to. */
  readonly folder: string;
  /** Absolute path that scripts are relative to: the folder of the configuration file. */
  readonly scriptFolder: string;
}

/**
 * `given` is what --config named, else the file is looked for in `folder` and those above it. Throws UsageError when there is none, when it cannot be
 * loaded, or when it exports no target of that name.
 */
export async function loadTarget(
  options: { readonly config?: string | undefined; readonly target?: string | undefined },
  folder: string,
): Promise<LoadedTarget> {
  const configFile = options.config === undefined ? findConfig(folder) : resolve(folder, options.config);
  if (configFile === null) {
    throw new UsageError(
      `no ${names[0]} in ${folder} or the folders above it`,
      'create one with redcliff init, or name it with --config FILE',
    );
  }
  if (!existsSync(configFile)) {
    throw new UsageError(
      `--config "${options.config}" does not exist`,
      'give the path of a redcliff.config.ts',
    );
  }
  const target = chooseTarget(await targetsIn(configFile), options.target, configFile);
  const scriptFolder = dirname(configFile);
  return { ...target, configFile, scriptFolder, folder: resolve(scriptFolder, target.cwd ?? '.') };
}

/** Throws UsageError for a scenario whose script is not there. */
export function checkScripts({ scenarios, scriptFolder }: LoadedTarget): void {
  for (const { name, script } of scenarios) {
    const file = resolve(scriptFolder, script);
    if (!existsSync(file))
      throw new UsageError(
        `scenario "${name}", script: ${file} does not exist`,
        'correct the path, which is relative to the configuration file',
      );
  }
}

/** The configuration in this folder or one above it; null when there is none. */
export function findConfig(folder: string): string | null {
  for (let here = resolve(folder); ; here = dirname(here)) {
    const found = names.map((name) => join(here, name)).find((file) => existsSync(file));
    if (found !== undefined) return found;
    if (dirname(here) === here) return null;
  }
}

async function targetsIn(configFile: string): Promise<readonly Target[]> {
  let exported: unknown;
  resolvePublicModules();
  try {
    ({ default: exported } = (await import(pathToFileURL(configFile).href)) as { default?: unknown });
  } catch (error) {
    // What the file itself says is wrong names its field.
    if (error instanceof RedcliffError) throw error;
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new UsageError(`${configFile} cannot be loaded: ${why}`, 'correct the file', { cause: error });
  }
  const targets = Array.isArray(exported) ? (exported as readonly unknown[]) : [exported];
  const defined = targets.filter(isDefinedTarget);
  if (defined.length > 0 && defined.length === targets.length) return defined;
  throw new UsageError(
    `${configFile}: its default export must be a target, or a list of targets`,
    'export default defineTarget({ … })',
  );
}

function chooseTarget(targets: readonly Target[], name: string | undefined, configFile: string): Target {
  const known = targets.map((target) => target.name).join(', ');
  const [first] = targets;
  if (name === undefined && targets.length === 1 && first !== undefined) return first;
  const found = targets.find((target) => target.name === name);
  if (found !== undefined) return found;
  if (name === undefined)
    throw new UsageError(`${configFile} has several targets`, `name one with --target: ${known}`);
  throw new UsageError(`--target "${name}" is not in ${configFile}`, `targets: ${known}`);
}
