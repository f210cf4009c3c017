/** `redcliff init`: writes a configuration and a first scenario for the service in this folder. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { findOpenApi, findService } from '../init/find-service.ts';
import { readOpenApi } from '../init/open-api.ts';
import { configFile, renderConfig, renderScript, scriptFile } from '../init/templates.ts';
import { invocation } from '../setup/own-files.mjs';

interface InitFlags {
  readonly yes?: boolean;
  readonly openapi?: string;
}

export function addInitCommand(program: Command): void {
  program
    .command('init')
    .helpGroup('Environment:')
    .description('write redcliff.config.ts and a first scenario for the service in this folder')
    .option('--yes', 'write the files without asking')
    .option(
      '--openapi <document>',
      'an OpenAPI document, a file or an address: its requests become the load; openapi.json or .yaml of the folder when absent',
    )
    .action(init);
}

async function init(flags: InitFlags): Promise<void> {
  const folder = process.cwd();
  const taken = [configFile, scriptFile].find((file) => existsSync(join(folder, file)));
  if (taken !== undefined)
    throw new UsageError(`${taken} is there already`, 'edit it, or remove it to have it written again');
  const service = findService(folder);
  const document = flags.openapi ?? findOpenApi(folder);
  const requests = document === null ? [] : await readOpenApi(document);
  const list = (names: readonly string[]): string => (names.length === 0 ? 'none found' : names.join(', '));
  console.log(`Start command:      ${service.command?.join(' ') ?? 'none found'}`);
  console.log(`Port:               ${service.portVariable}`);
  console.log(`Addresses of Redis: ${list(service.redisVariables)}`);
  console.log(`… of MongoDB:       ${list(service.mongoVariables)}`);
  console.log(
    `OpenAPI document:   ${document === null ? 'none found' : `${document}, ${requests.length} requests`}`,
  );
  if (flags.yes !== true && !(await agreed(`Write ${configFile} and ${scriptFile}? [Y/n] `))) return;
  for (const [file, text] of [
    [configFile, renderConfig(service)],
    [scriptFile, renderScript(requests)],
  ] as const) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text, { flag: 'wx' });
    console.log(`Written: ${file}`);
  }
  console.log(`Next: ${invocation} run --fault none`);
}

/** Without a terminal there is no question: nothing is overwritten in any case. */
async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return !/^n/i.test(await terminal.question(question));
  } finally {
    terminal.close();
  }
}
