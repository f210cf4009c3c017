/** Finds out whether a Docker engine answers here, and if not, why not: without loading the library that talks to it later. */
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Availability } from '../contract.ts';
import type { Environment } from '../programs.ts';

/** Where its API is; `null` for one that is reached by a way of Docker's own (TLS, ssh), which is left to the library. */
export type EngineAddress =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number }
  | null;

export type EngineFinding =
  | { readonly found: true; readonly address: EngineAddress; readonly where: string }
  | ({ readonly found: false } & Omit<Extract<Availability, { available: false }>, 'available'>);

const deadlineMs = 2_000;

export async function findEngine(environment: Environment): Promise<EngineFinding> {
  const given = environment['DOCKER_HOST'] ?? '';
  if (given === '') return findSocket(environment);
  if (given.startsWith('unix://')) return look({ socketPath: given.slice('unix://'.length) }, 'DOCKER_HOST');
  const url = /^(?:tcp|http):/.test(given) && URL.canParse(given) ? new URL(given) : null;
  if (url === null || (environment['DOCKER_TLS_VERIFY'] ?? '') !== '') {
    return { found: true, address: null, where: `DOCKER_HOST=${given}` };
  }
  return look({ host: url.hostname, port: Number(url.port === '' ? 2375 : url.port) }, 'DOCKER_HOST');
}

async function findSocket(environment: Environment): Promise<EngineFinding> {
  const candidates = socketCandidates(environment).filter((file) => existsSync(file));
  const findings = await Promise.all(candidates.map((socketPath) => look({ socketPath }, 'its socket')));
  const found = findings.find((finding) => finding.found) ?? findings[0];
  if (found !== undefined) return found;
  return {
    found: false,
    reason: 'no Docker engine found: none of its usual sockets exists, and DOCKER_HOST is not set',
    remedy: 'install Docker and start it, or set DOCKER_HOST',
  };
}

function socketCandidates(environment: Environment): string[] {
  if (process.platform === 'win32') return ['//./pipe/docker_engine'];
  const runtime = environment['XDG_RUNTIME_DIR'];
  const home = environment['HOME'] ?? homedir();
  return [
    '/var/run/docker.sock',
    ...(runtime === undefined ? [] : [path.join(runtime, 'docker.sock')]),
    path.join(home, '.docker/run/docker.sock'),
    path.join(home, '.docker/desktop/docker.sock'),
  ];
}

async function look(address: NonNullable<EngineAddress>, source: string): Promise<EngineFinding> {
  const where = 'socketPath' in address ? address.socketPath : `${address.host}:${address.port}`;
  const failure = await ping(address);
  if (failure === undefined) return { found: true, address, where };
  if (failure === 'EACCES') {
    return {
      found: false,
      reason: `the Docker engine at ${where} may not be used by this user`,
      remedy: 'add the user to the group docker, or use rootless Docker',
    };
  }
  return {
    found: false,
    reason: `no Docker engine answers at ${where} (${source}): ${failure}`,
    remedy: 'start it (systemctl start docker, or Docker Desktop), or correct DOCKER_HOST',
  };
}

/** Undefined when the engine answers, else the reason. */
function ping(address: NonNullable<EngineAddress>): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asking = request(
      { ...address, path: '/_ping', signal: AbortSignal.timeout(deadlineMs) },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200 ? undefined : `status ${answer.statusCode}`);
      },
    );
    asking.on('error', (error) =>
      resolve('code' in error && error.name !== 'AbortError' ? String(error.code) : error.message),
    );
    asking.end();
  });
}
