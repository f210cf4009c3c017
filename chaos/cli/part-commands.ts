/** `redcliff mongod`, `redis`, `toxiproxy`, `k6`: each embedded part alone, in this very process, with its own arguments. */
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';

const parts = [
  {
    name: 'k6',
    description: 'the built-in k6 runtime: k6 run SCRIPT',
    entry: '../emulators/k6/main.ts',
  },
  {
    name: 'mongod',
    description: 'the embedded MongoDB: mongod --port P --dbpath D',
    entry: '../emulators/mongodb/main.ts',
  },
  {
    name: 'redis',
    description: 'the embedded Redis: redis --port P --dir D',
    entry: '../emulators/redis/main.ts',
  },
  {
    name: 'toxiproxy',
    description: 'the embedded Toxiproxy: toxiproxy --port P',
    entry: '../emulators/toxiproxy/main.ts',
  },
];

export function addPartCommands(program: Command): void {
  for (const { name, description, entry } of parts) {
    program
      .command(name)
      .description(description)
      .argument('[arguments...]', 'those of the part; --help lists them')
      .helpOption(false)
      .allowUnknownOption()
      .passThroughOptions()
      .action(async (args: string[]) => {
        const url = new URL(entry, import.meta.url);
        // The part reads its arguments where a program finds them.
        process.argv.splice(1, Infinity, fileURLToPath(url), ...args);
        await import(url.href);
      });
  }
}
