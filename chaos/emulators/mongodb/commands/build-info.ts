/** buildInfo: the version of MongoDB whose behaviour this server has. */
import { documentBytesMax } from './incoming-document.ts';
import type { Command } from './command.ts';

export const mongodbVersion = '7.0.14';

export const buildInfo: Command = {
  name: 'buildInfo',
  aliases: ['buildinfo'],
  kind: 'administration',
  inTransaction: false,
  run: () => ({
    version: mongodbVersion,
    gitVersion: 'embedded',
    modules: ['redcliff-embedded'],
    allocator: 'system',
    javascriptEngine: 'none',
    sysInfo: 'deprecated',
    versionArray: [...mongodbVersion.split('.').map(Number), 0],
    openssl: { running: 'disabled', compiled: 'disabled' },
    buildEnvironment: {},
    bits: 64,
    debug: false,
    maxBsonObjectSize: documentBytesMax,
    storageEngines: ['redcliff'],
  }),
};
