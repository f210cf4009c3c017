/** The files that `redcliff init` writes: short, and with comments for somebody who sees them for the first time. */
import type { FoundService } from './find-service.ts';
import type { FoundRequest } from './open-api.ts';

export const configFile = 'redcliff.config.ts';
export const scriptFile = 'redcliff/first.k6.ts';

export function renderConfig(service: FoundService): string {
  const { command, name, portVariable, redisVariables, mongoVariables } = service;
  const words = (command ?? ['node', 'server.js'])
    .map((word) => `'${word.replaceAll("'", String.raw`\'`)}'`)
    .join(', ');
  const environment = [
    ...redisVariables.map((variable) => `    ${variable}: redis.url,`),
    ...mongoVariables.map((variable) => `    ${variable}: mongo.uri,`),
  ];
  const used = [
    ...(redisVariables.length > 0 ? ['redis'] : []),
    ...(mongoVariables.length > 0 ? ['mongo'] : []),
  ];
  const given = used.length === 0 ? '()' : `({ ${used.join(', ')} })`;
  const faults = [
    ...(mongoVariables.length > 0 ? ["'mongo-down'"] : []),
    ...(redisVariables.length > 0 ? ["'redis-down'"] : []),
    "'api-killed'",
  ];
  return `// What Redcliff has to know of this service. "npx redcliff doctor" checks it, "npx redcliff run" tests it.
import { defineScenario, defineTarget } from 'redcliff';

export default defineTarget({
  name: '${name}',
  processes: {
    // The command that starts the service; it is given a free port in ${portVariable}.
    api: { command: [${words}], port: '${portVariable}' },
  },
  // Variables by which the service finds its stores. Redcliff starts empty ones, behind proxies that it can break.
  env: ${given} => ({
${environment.length === 0 ? '    // REDIS_URL: redis.url, MONGODB_URI: mongo.uri,   with env: ({ redis, mongo }) => …' : environment.join('\n')}
  }),
  scenarios: [
    defineScenario({
      name: 'first',
      script: '${scriptFile}',
      // Requests a second, whether or not the service keeps up.
      rate: 20,
      duration: '6s',
      // Each is injected in a run of its own, after one without any. "npx redcliff list faults" shows all.
      faults: [${faults.join(', ')}],
      // What must hold afterwards: invariant({ name, check: (operations, state) => … }).
      invariants: [],
    }),
  ],
});
`;
}

export function renderScript(requests: readonly FoundRequest[]): string {
  const drawn =
    requests.length === 0 ? [{ name: 'get /', kind: 'read', method: 'GET', path: '/' } as const] : requests;
  const lines = drawn.map(
    ({ kind, method, name, path }) =>
      `  { f: '${name}', kind: '${kind}', method: '${method}', path: (id: string) => \`${path.replace(/\{[^}]*\}/g, '${id}')}\` },`,
  );
  return `// The load: each arrival draws one of the requests. perform() sends it and records what came of it.
import { arrival, openSchedule, perform, readSettings, summaryFiles, thresholds, waitForStart } from 'redcliff/k6';

const settings = readSettings();
export const options = {
  scenarios: { clients: openSchedule(settings, 'clients', settings.ratePerSecond) },
  thresholds: thresholds(settings),
};
export const setup = () => waitForStart(settings);
export const handleSummary = (data: unknown) => summaryFiles(settings, data);

const requests = [
${lines.join('\n')}
] as const;

export async function clients() {
  const at = arrival(settings, settings.ratePerSecond);
  const { path, ...request } = requests[at.random.integer(0, requests.length - 1)] ?? requests[0];
  // Few identifiers, so that reads meet what was written.
  const id = \`\${at.random.integer(1, 10)}\`;
  const body = request.kind === 'write' ? { body: { id } } : {};
  await perform(settings, at, { ...request, ...body, path: path(id), subject: { id } });
}
`;
}
