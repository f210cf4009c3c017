/** `redcliff emulator mongodb|redis|toxiproxy|k6`: runs an emulator in this process, with its own arguments. */
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { ownModule } from '../setup/own-files.mjs';

const emulators = [
  { name: 'k6', description: 'the built-in k6 runtime: k6 run SCRIPT', entry: '../emulators/k6/main' },
  {
    name: 'mongodb',
    description: 'the embedded MongoDB: mongodb --port P --dbpath D',
    entry: '../emulators/mongodb/main',
  },
  {
    name: 'redis',
    description: 'the embedded Redis: redis --port P --dir D',
    entry: '../emulators/redis/main',
  },
  {
    name: 'toxiproxy',
    description: 'the embedded Toxiproxy: toxiproxy --port P',
    entry: '../emulators/toxiproxy/main',
  },
];

export function addPartsCommands(program: Command): void {
  const emulator = program
    .command('emulator')
    .helpGroup('Parts:')
    .description('run one emulator by itself: mongodb, redis, toxiproxy or k6')
    .enablePositionalOptions();
  for (const { name, description, entry } of emulators) {
    emulator
      .command(name)
      .description(description)
      .argument('[arguments...]', 'those of the emulator; --help lists them')
      .helpOption(false)
      .allowUnknownOption()
      .passThroughOptions()
      .action(async (args: string[]) => {
        const url = ownModule(entry, import.meta.url);
        // The emulator reads process.argv.
        process.argv.splice(1, Infinity, fileURLToPath(url), ...args);
        await import(url.href);
      });
  }
}
