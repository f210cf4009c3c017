/** The program as Commander knows it: all commands with their arguments and options. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageFolder } from '../setup/own-files.mjs';

type AddCommand = (program: Command) => void;

const environment = async (): Promise<AddCommand> =>
  (await import('./environment-commands.ts')).addEnvironmentCommands;
const investigate = async (): Promise<AddCommand> =>
  (await import('./investigate-commands.ts')).addInvestigateCommands;
const verify = async (): Promise<AddCommand> => (await import('./verify-commands.ts')).addVerifyCommands;

/** A command brings its own modules, and most need few: the others are loaded only to be listed. In the order of the help. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  run: async () => (await import('./run-command.ts')).addRunCommand,
  explore: async () => (await import('./explore-command.ts')).addExploreCommand,
  reproduce: async () => (await import('./reproduce-command.ts')).addReproduceCommand,
  simulate: async () => (await import('./simulate-command.ts')).addSimulateCommand,
  report: investigate,
  compare: investigate,
  export: investigate,
  up: environment,
  fault: environment,
  heal: environment,
  status: environment,
  down: environment,
  doctor: async () => (await import('./doctor-command.ts')).addDoctorCommand,
  init: async () => (await import('./init-command.ts')).addInitCommand,
  capacity: async () => (await import('./capacity-commands.ts')).addCapacityCommands,
  emulator: async () => (await import('./parts-commands.ts')).addPartsCommands,
  load: async () => (await import('./scale-commands.ts')).addScaleCommands,
  list: async () => (await import('./list-command.ts')).addListCommand,
  verify,
  selftest: verify,
};

/** Of all commands, whichever is loaded. */
export const commandNames: readonly string[] = Object.keys(commands);

async function loadCommands(named: string | undefined): Promise<readonly AddCommand[]> {
  const only = named !== undefined && Object.hasOwn(commands, named) ? commands[named] : undefined;
  const loaders = only === undefined ? Object.values(commands) : [only];
  return [...new Set(await Promise.all(loaders.map((load) => load())))];
}

const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
  version: string;
};

/** With the name of a command, only its module is loaded; the help of all commands needs all of them. */
export async function makeProgram(named?: string): Promise<Command> {
  const program = new Command('redcliff')
    .description(
      'Chaos and load testing for services on Redis and MongoDB: drives them with k6 scenarios, injects faults, judges invariants.',
    )
    .version(version)
    .addHelpText(
      'after',
      `
Exit status: 0 all held · 1 an invariant or threshold failed · 2 unknown · 3 worse than the baseline ·
64 bad usage or configuration · 69 a needed part is missing · 70 the harness itself failed · 130 interrupted`,
    )
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError('(redcliff --help lists commands and options)');
  for (const add of await loadCommands(named)) add(program);
  exitOverrideAll(program);
  return program;
}

function exitOverrideAll(parent: Command): void {
  for (const command of parent.commands) {
    command.exitOverride();
    exitOverrideAll(command);
  }
}
