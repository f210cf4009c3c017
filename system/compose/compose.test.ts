import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { settingKinds } from '../../chaos/api/k6/settings.ts';
import { type ImageName, imageOf, imageVariable } from '../../chaos/stack/docker/images.ts';
import { createMetrics } from '../observability/metrics.ts';

const root = path.join(import.meta.dirname, '..', '..');
const compose = readFileSync(path.join(root, 'docker-compose.yml'), 'utf8');
const dockerfile = readFileSync(path.join(root, 'system/Dockerfile'), 'utf8');

describe('docker-compose.yml', () => {
  it.each<ImageName>(['grafana', 'k6', 'mongo', 'node', 'prometheus', 'redis', 'toxiproxy'])(
    'uses the same image of %s as the docker stack, under the same variable',
    (name) => {
      expect(compose).toContain(`\${${imageVariable(name)}:-${imageOf(name, {})}}`);
    },
  );

  it('publishes on loopback only', () => {
    const published = [...compose.matchAll(/'([^']*:[^']*):\d+'/g)].map(([, host]) => host ?? '');
    const ports = published.filter((host) => !host.includes('/'));
    expect(ports.length).toBeGreaterThan(5);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('contains no secret, and neither does .env.example', () => {
    expect(compose).not.toMatch(/(?:TOKEN|PASSWORD): (?!\$\{[A-Z_]+:\?)/);
    const example = readFileSync(path.join(root, '.env.example'), 'utf8');
    expect(example).toMatch(/^ADMIN_TOKEN=$/m);
    expect(example).not.toMatch(/(?:TOKEN|PASSWORD)=./);
    expect(readFileSync(path.join(root, '.gitignore'), 'utf8')).toMatch(/^\.env$/m);
  });
});

describe('the load of docker-compose.yml', () => {
  const settings = z
    .looseObject({ baseUrls: z.array(z.string()), world: z.looseObject({ sessionIds: z.array(z.string()) }) })
    .parse(JSON.parse(readFileSync(path.join(import.meta.dirname, 'k6-settings.json'), 'utf8')));

  it('has every setting of a script', () => {
    const kinds = Object.entries(settings).map(([name, value]) => [name, typeof value]);
    expect(Object.fromEntries(kinds)).toEqual(settingKinds);
  });

  it('uses the session that seed-world.mjs creates, at the address of the system', () => {
    expect(compose).toContain(`SESSION_ID: ${settings.world.sessionIds.join()}`);
    expect(compose).toContain(`API_URL: ${settings.baseUrls.join()}`);
  });

  it('mounts the script with what it imports', () => {
    for (const folder of ['scenarios', 'chaos/api/k6', 'system/compose'])
      expect(compose).toContain(`./${folder}:/repository/${folder}:ro`);
  });
});

describe('the image of the system', () => {
  const packagesScript = readFileSync(path.join(root, 'system/container-packages.mjs'), 'utf8');
  const kept = z
    .array(z.string())
    .parse(
      JSON.parse(
        `[${/const needed = \[(.*?),?\s*\];/s.exec(packagesScript)?.[1] ?? ''}]`.replaceAll("'", '"'),
      ),
    );

  it('contains every package that the system imports', () => {
    expect(kept).toContain('pm2');
    const imported = new Set(importsOf(path.join(root, 'system')));
    expect(imported.size).toBeGreaterThan(5);
    expect([...imported].filter((name) => !kept.includes(name))).toEqual([]);
  });

  it('uses the pinned Node and runs as the user node', () => {
    expect(dockerfile).toContain(`ARG NODE_IMAGE=${imageOf('node', {})}`);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).not.toMatch(/TOKEN|PASSWORD|SECRET/);
  });

  it('is built from named files only', () => {
    const [first, ...rest] = readFileSync(path.join(root, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    expect(rest.filter((line) => line.startsWith('!'))).toEqual([
      '!package.json',
      '!package-lock.json',
      '!.npmrc',
      '!system',
    ]);
  });
});

describe('the dashboard', () => {
  const dashboard = z
    .object({
      panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
    })
    .parse(
      JSON.parse(readFileSync(path.join(import.meta.dirname, 'grafana/dashboards/system.json'), 'utf8')),
    );
  const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

  it('queries only metrics that the system exports', async () => {
    const { registry } = createMetrics();
    const known = (await registry.getMetricsAsJSON()).flatMap(({ name }) => [
      name,
      ...['_bucket', '_count', '_sum'].map((suffix) => `${name}${suffix}`),
    ]);
    const asked = expressions.flatMap((text) => text.match(/(?:opensam|nodejs|process)_\w+/g) ?? []);
    expect(asked.length).toBeGreaterThanOrEqual(expressions.length);
    expect(asked.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('shows every metric that only the system exports', async () => {
    const { registry } = createMetrics();
    const own = (await registry.getMetricsAsJSON()).map(({ name }) => name);
    const unseen = own
      .filter((name) => name.startsWith('opensam_'))
      .filter((name) => !expressions.some((text) => text.includes(name)));
    expect(unseen).toEqual([]);
  });
});

/** Packages imported by what runs in production. */
function importsOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter((file) => !/\/(?:bench|testing)\//.test(file))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/from '([^.'][^']*)'/g)])
    .map(([, name = '']) => name)
    .filter((name) => !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}
