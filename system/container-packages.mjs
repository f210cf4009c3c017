/** Leaves in package.json what the system needs in its container; run there, before the packages are installed. */
import { readFileSync, writeFileSync } from 'node:fs';

const needed = [
  '@fastify/swagger',
  'fastify',
  'ioredis',
  'lru-cache',
  'mongoose',
  'pino',
  'pm2',
  'prom-client',
  'zod',
];

const description = JSON.parse(readFileSync('package.json', 'utf8'));
const versions = { ...description.devDependencies, ...description.dependencies };
for (const name of needed) if (versions[name] === undefined) throw new Error(`package.json has no ${name}`);
const dependencies = Object.fromEntries(needed.map((name) => [name, versions[name]]));
const { devDependencies: _, overrides: _overrides, ...rest } = description;
writeFileSync('package.json', JSON.stringify({ ...rest, dependencies }, null, 2));
