import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const repository = path.join(import.meta.dirname, '..', '..');

/**
 * A clone whose packages are installed, and a PATH on which only stand-ins for the distribution's tools are: the
 * stand-in of a package is a file, unpacking it makes a shell script that answers `--version`.
 */
class Clone {
  readonly root = mkdtempSync(path.join(tmpdir(), 'redcliff-clone-'));
  readonly programs = path.join(this.root, 'programs');

  constructor() {
    cpSync(path.join(repository, 'chaos', 'setup'), path.join(this.root, 'chaos', 'setup'), {
      recursive: true,
    });
    cpSync(path.join(repository, 'package-lock.json'), path.join(this.root, 'package-lock.json'));
    symlinkSync(path.join(repository, 'node_modules'), path.join(this.root, 'node_modules'));
    mkdirSync(this.programs);
  }

  program(name: string, script: string): void {
    const file = path.join(this.programs, name);
    writeFileSync(file, `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
    chmodSync(file, 0o755);
  }

  debian(): void {
    this.program(
      'apt-get',
      `for last; do :; done; case "$*" in *--version*) ;; *) sleep 0.2; touch "$last.deb";; esac`,
    );
    this.program('apt-cache', 'echo redis-tools');
    this.program('ldd', 'echo "libc.so.6 => /lib/libc.so.6"');
    this.program(
      'dpkg-deb',
      `[ "$1" = --version ] && exit 0
mkdir -p "$3/usr/bin"
printf '#!/bin/sh\\necho "Redis server v=7.1.2 sha=0"\\n' > "$3/usr/bin/redis-server"
chmod +x "$3/usr/bin/redis-server"`,
    );
  }

  private get environment() {
    return { PATH: this.programs, HOME: this.root };
  }

  setUp(args: string[] = [], environment: Record<string, string> = {}) {
    const script = path.join(this.root, 'chaos', 'setup', 'setup.mjs');
    return spawnSync(process.execPath, [script, ...args], {
      env: { ...this.environment, ...environment },
      encoding: 'utf8',
      timeout: 50_000,
    });
  }

  startSetUp() {
    const script = path.join(this.root, 'chaos', 'setup', 'setup.mjs');
    return spawn(process.execPath, [script], { env: this.environment, stdio: 'ignore', detached: true });
  }
}

describe('setup', () => {
  let clone: Clone;
  beforeEach(() => {
    clone = new Clone();
  });
  afterEach(() => rmSync(clone.root, { recursive: true, force: true }));

  it('takes the redis-server on PATH and fetches nothing', () => {
    clone.program('redis-server', 'echo "Redis server v=6.2.0 sha=0"');
    const result = clone.setUp();
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(result.stdout).toMatch(/^set-up: ready: Node \d+\.\d+\.\d+, Redis 6\.2\.0 \(PATH\)\n$/);
    expect(existsSync(path.join(clone.root, '.cache'))).toBe(false);
  });

  it('takes a valkey-server on PATH', () => {
    clone.program('valkey-server', 'echo "Valkey server v=8.1.0 sha=0"');
    expect(clone.setUp().stdout).toContain('Redis 8.1.0 (PATH)');
  });

  it('unpacks the package of the distribution once', () => {
    clone.debian();
    const first = clone.setUp();
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toContain('unpacking');
    const second = clone.setUp();
    expect(second.stdout).toMatch(/^set-up: ready: .*Redis 7\.1\.2 \(\.cache\/redis\)\n$/);
    expect(clone.setUp(['--quiet'])).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(readdirSync(path.join(clone.root, '.cache'))).toEqual(['redis']);
    expect(readdirSync(path.join(clone.root, '.cache', 'redis'))).toEqual(['unpacked']);
  });

  it('survives being killed in the middle of unpacking', async () => {
    clone.debian();
    clone.program('apt-get', 'case "$*" in *--version*) ;; *) exec sleep 5;; esac');
    const child = clone.startSetUp();
    const cache = path.join(clone.root, '.cache', 'redis');
    await expect.poll(() => existsSync(cache) && readdirSync(cache).length, { timeout: 20_000 }).toBe(1);
    const ended = once(child, 'exit');
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    await ended;
    clone.debian();
    expect(clone.setUp()).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(cache)).toEqual(['unpacked']);
    expect(readdirSync(path.join(clone.root, '.cache'))).toEqual(['redis']);
  });

  it('runs several times at once', async () => {
    clone.debian();
    const children = Array.from({ length: 4 }, () => clone.startSetUp());
    const ends = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(ends.map(([status]) => status)).toEqual([0, 0, 0, 0]);
    expect(readdirSync(path.join(clone.root, '.cache', 'redis'))).toEqual(['unpacked']);
  });

  it('says how to install a redis-server where none can be fetched, with exit 69', () => {
    const result = clone.setUp();
    expect(result.status).toBe(69);
    expect(result.stderr).toContain('redis-server is not on PATH');
    expect(result.stderr).toContain('brew install redis');
    expect(result.stderr).not.toContain('    at ');
  });

  it('shows what the package mirror said when it cannot be reached, with exit 69', () => {
    clone.debian();
    clone.program(
      'apt-get',
      'case "$*" in *--version*) ;; *) echo "E: cannot resolve mirror" >&2; exit 100;; esac',
    );
    const result = clone.setUp();
    expect(result.status).toBe(69);
    expect(result.stderr).toContain('E: cannot resolve mirror');
    expect(result.stderr).toContain('remedy:');
    expect(readdirSync(path.join(clone.root, '.cache', 'redis'))).toEqual([]);
  });

  it('names the variable that leads nowhere, with exit 69', () => {
    clone.debian();
    const result = clone.setUp([], { REDCLIFF_REDIS: '/nonexistent/redis-server' });
    expect(result.status).toBe(69);
    expect(result.stderr).toContain('REDCLIFF_REDIS=/nonexistent/redis-server');
    expect(result.stderr).toContain('unset it');
  });

  it('refuses an unknown argument, with exit 64', () => {
    const result = clone.setUp(['--fast']);
    expect(result.status).toBe(64);
    expect(result.stderr).toContain('--fast');
  });
});
