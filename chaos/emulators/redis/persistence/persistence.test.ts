import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../toxiproxy/testing/manual-clock.ts';
import { CrashingDisk } from '../testing/crashing-disk.ts';
import { EmulatedServer } from '../testing/emulated-server.ts';

type Options = Readonly<Record<string, string>>;

/** One write, time for whatever happens in the background, a second write; then the power goes. What is there after a restart. */
async function afterCrash(
  options: Options,
  { waitMs, tornBytes = 0 }: { waitMs: number; tornBytes?: number },
) {
  const disk = new CrashingDisk();
  const clock = new ManualClock();
  {
    using server = new EmulatedServer(options, { disk, clock });
    const client = await server.connect();
    client.run('set a 1');
    clock.advance(waitMs);
    client.run('set b 2');
    disk.crash(tornBytes);
  }
  using restarted = new EmulatedServer(options, { disk, clock });
  return (await restarted.connect()).run('mget a b');
}

describe('what a crash loses', () => {
  const waitMs = 1100;

  it('is nothing with appendfsync always', async () => {
    const options = { appendonly: 'yes', appendfsync: 'always' };
    expect(await afterCrash(options, { waitMs })).toBe('array[bulk "1", bulk "2"]');
  });

  it('is what came after the last sync with everysec', async () => {
    const options = { appendonly: 'yes', appendfsync: 'everysec' };
    expect(await afterCrash(options, { waitMs })).toBe('array[bulk "1", null]');
  });

  it('is everything that the operating system had not written with no', async () => {
    expect(await afterCrash({ appendonly: 'yes', appendfsync: 'no' }, { waitMs })).toBe('array[null, null]');
  });

  it('is a command of which only the first bytes reached the disk', async () => {
    const options = { appendonly: 'yes', appendfsync: 'everysec' };
    expect(await afterCrash(options, { waitMs, tornBytes: 5 })).toBe('array[bulk "1", null]');
  });

  it('is everything since the last snapshot', async () => {
    expect(await afterCrash({ save: '60 1' }, { waitMs: 62_000 })).toBe('array[bulk "1", null]');
  });

  it('is everything without snapshots and append-only file', async () => {
    expect(await afterCrash({}, { waitMs })).toBe('array[null, null]');
  });
});

describe('the files', () => {
  it('bring back every type, expiry and encoding', async () => {
    const disk = new CrashingDisk();
    const clock = new ManualClock();
    const reads = [
      'get s',
      'object encoding i',
      'lrange l 0 -1',
      'hgetall h',
      'smembers t',
      'zrange z 0 -1 withscores',
      'xrange x - +',
      'xpending x g',
      'pttl e',
    ];
    for (const options of [{ appendonly: 'yes', appendfsync: 'always' }, {}]) {
      const before: string[] = [];
      {
        using server = new EmulatedServer(options, { disk, clock });
        const client = await server.connect();
        client.run('flushall');
        client.run('set', 's', 'bytes \0\r\n\xff');
        client.run('set i 42');
        client.run('rpush l a b c');
        client.run('hset h f 1 g 2');
        client.run('sadd t 3 1 2');
        client.run('zadd z 1.5 a -inf b');
        client.run('xadd x 5-1 f v');
        client.run('xgroup create x g 0');
        client.run('xreadgroup group g c streams x >');
        client.run('set e v pxat 5000000');
        for (const read of reads) before.push(client.run(read));
        expect(client.run('save')).toBe('status "OK"');
        disk.crash();
      }
      using restarted = new EmulatedServer(options, { disk, clock });
      const client = await restarted.connect();
      expect(reads.map((read) => client.run(read))).toEqual(before);
    }
  });

  it('stay the same size when they are rewritten for the same data', async () => {
    const disk = new CrashingDisk();
    using server = new EmulatedServer({ appendonly: 'yes' }, { disk });
    const client = await server.connect();
    for (let round = 0; round < 100; round += 1) client.run('incr n');
    client.run('bgrewriteaof');
    server.clock.advance(1000);
    using restarted = new EmulatedServer({ appendonly: 'yes' }, { disk });
    expect((await restarted.connect()).run('get n')).toBe('bulk "100"');
  });

  it('are read with more commands than a function takes arguments', async () => {
    const disk = new CrashingDisk();
    const count = 200_000;
    using server = new EmulatedServer({ appendonly: 'yes' }, { disk });
    const client = await server.connect();
    client.run('eval', `for i = 1, ${count} do redis.call('rpush', 'list', i) end`, '0');
    using restarted = new EmulatedServer({ appendonly: 'yes' }, { disk });
    expect((await restarted.connect()).run('llen list')).toBe(`integer "${count}"`);
  });
});

describe('a full disk', () => {
  it('refuses changes after the first that could not be appended', async () => {
    const disk = new CrashingDisk();
    using server = new EmulatedServer({ appendonly: 'yes', appendfsync: 'everysec' }, { disk });
    const client = await server.connect();
    disk.isFull = true;
    client.run('set a 1');
    expect(client.run('set b 1')).toBe(
      'error "MISCONF Errors writing to the AOF file: no space left on device"',
    );
    disk.isFull = false;
    server.clock.advance(2000);
    client.run('get a');
    expect(client.run('set b 1')).toBe('status "OK"');
  });

  it('ends the server without acknowledging, where every change has to be durable', async () => {
    const disk = new CrashingDisk();
    using server = new EmulatedServer({ appendonly: 'yes', appendfsync: 'always' }, { disk });
    const client = await server.connect();
    disk.isFull = true;
    expect(client.run('set a 1')).toBe('');
    expect(client.isClosed).toBe(true);
  });

  it('refuses changes after a snapshot that failed', async () => {
    const disk = new CrashingDisk();
    using server = new EmulatedServer({ save: '3600 1' }, { disk });
    const client = await server.connect();
    client.run('set a 1');
    disk.isFull = true;
    client.run('bgsave');
    server.clock.advance(1000);
    expect(client.run('set b 1')).toMatch(/^error "MISCONF Redis is configured to save RDB snapshots/);
  });
});
