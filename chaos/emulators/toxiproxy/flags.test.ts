/** Flags as Go's flag package reads them. */
import { describe, expect, it } from 'vitest';
import { parseFlags, usage } from './flags.ts';

const defaults = {
  host: '127.0.0.1',
  port: 8474,
  seed: '0',
  config: undefined,
  proxyMetrics: false,
  runtimeMetrics: false,
};

describe('parseFlags', () => {
  it.each([
    ['', {}],
    ['-port 8475 -host 0.0.0.0', { port: 8475, host: '0.0.0.0' }],
    ['--port 8475 --host ::1', { port: 8475, host: '::1' }],
    ['-port=1 --config=a=b.json', { port: 1, config: 'a=b.json' }],
    ['-proxy-metrics -seed 7', { proxyMetrics: true, seed: '7' }],
    ['-proxy-metrics=false --runtime-metrics=T', { runtimeMetrics: true }],
    ['-seed -5', { seed: '-5' }],
  ])('reads "%s"', (line, expected) => {
    const args = line.split(' ').filter((word) => word !== '');
    expect(parseFlags(args)).toEqual({ kind: 'run', flags: { ...defaults, ...expected } });
  });

  it.each([
    ['-h', 'help'],
    ['--help', 'help'],
    ['-version', 'version'],
    ['--port 1 --version', 'version'],
  ])('answers "%s" with %s', (line, kind) => {
    expect(parseFlags(line.split(' '))).toEqual({ kind });
  });

  it.each([
    ['-prot 1', 'flag provided but not defined: -prot'],
    ['-port', 'flag needs an argument: -port'],
    ['-port abc', 'invalid value "abc" for -port: a port is 0 to 65535'],
    ['-port 70000', 'invalid value "70000" for -port: a port is 0 to 65535'],
    ['-proxy-metrics=maybe', 'invalid boolean value "maybe" for -proxy-metrics'],
    ['proxies.json', 'unexpected argument: proxies.json'],
    ['--', 'unexpected argument: --'],
  ])('refuses "%s"', (line, problem) => {
    expect(parseFlags(line.split(' '))).toEqual({ kind: 'wrong', problem });
  });

  it('tells of every flag', () => {
    for (const name of ['config', 'host', 'port', 'seed', 'version', 'proxy-metrics', 'runtime-metrics']) {
      expect(usage).toContain(`  -${name}`);
    }
  });
});
