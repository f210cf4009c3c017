/**
 * The images of containers, each pinned to one version. Every name can be replaced by an environment variable, for example to use a
 * private registry. docker-compose.yml and system/Dockerfile use the same names; a test compares them.
 */
import type { Environment } from '../programs.ts';

const pinned = {
  grafana: 'grafana/grafana:12.1.1',
  k6: 'grafana/k6:1.2.3',
  mongo: 'mongo:8.0.13',
  node: 'node:24-bookworm-slim',
  prometheus: 'prom/prometheus:v3.5.0',
  redis: 'redis:8.2.1-bookworm',
  toxiproxy: 'ghcr.io/shopify/toxiproxy:2.12.0',
} as const;

export type ImageName = keyof typeof pinned;

/** Such as `REDCLIFF_REDIS_IMAGE`. */
export function imageVariable(name: ImageName): string {
  return `REDCLIFF_${name.toUpperCase()}_IMAGE`;
}

export function imageOf(name: ImageName, environment: Environment): string {
  const given = environment[imageVariable(name)] ?? '';
  return given === '' ? pinned[name] : given;
}
