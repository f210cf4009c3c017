import { expect, it } from 'vitest';
import { otherPlaces, parseConnections } from './open-connections.ts';

const heading =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const line = (local: string, remote: string, state: string, inode: number): string =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000 20 4 30 10 -1\n`;

const loopback = '0100007F';
const outside = '01020CC0';

it('reads addresses of both versions of IP, and the states in which something is connected', () => {
  const four = parseConnections(heading + line(`${loopback}:1F90`, `${outside}:01BB`, '02', 7));
  expect(four).toEqual([
    {
      local: { host: '127.0.0.1', port: 8080 },
      remote: { host: '192.12.2.1', port: 443 },
      inode: '7',
      listening: false,
    },
  ]);
  const six = parseConnections(
    heading +
      line('00000000000000000000000001000000:1F90', 'B80D0120000000000000000001000000:01BB', '01', 8) +
      line('0000000000000000FFFF00000100007F:1F90', '0000000000000000FFFF00000100007F:18EB', '01', 9),
  );
  expect(six.map(({ remote }) => remote)).toEqual([
    { host: '2001:db8::1', port: 443 },
    { host: '127.0.0.1', port: 6379 },
  ]);
  // Closed, and waiting for late packets: nothing is connected any more.
  expect(parseConnections(heading + line(`${loopback}:1F90`, `${outside}:01BB`, '06', 7))).toEqual([]);
});

it('names what is neither given nor served by the target itself', () => {
  const connections = parseConnections(
    heading +
      line(`${loopback}:1F90`, '00000000:0000', '0A', 1) + // api listens on 8080
      line(`${loopback}:1F90`, `${loopback}:C001`, '01', 2) + // and was called
      line(`${loopback}:C002`, `${loopback}:1F90`, '01', 3) + // worker calls api
      line(`${loopback}:C003`, `${loopback}:4E20`, '01', 4) + // a proxy that was given
      line(`${loopback}:C004`, `${loopback}:18EB`, '01', 5) + // Redis past the proxy
      line(`${loopback}:C005`, `${outside}:01BB`, '02', 6) + // outside
      line(`${loopback}:C006`, `${outside}:01BB`, '01', 99), // of another program
  );
  const inodes = new Map([
    ['api-1', new Set(['1', '2', '4', '6'])],
    ['worker-1', new Set(['3', '5'])],
  ]);
  expect(otherPlaces(connections, inodes, new Set([20_000]), new Set())).toEqual([
    { instance: 'worker-1', place: '127.0.0.1:6379' },
    { instance: 'api-1', place: '192.12.2.1:443' },
  ]);
});

it('knows what a server accepted when it does not listen any more', () => {
  const inodes = new Map([['api-1', new Set(['1', '2'])]]);
  const served = new Set<number>();
  const accepted = line(`${loopback}:1F90`, `${loopback}:C001`, '01', 2);
  const listening = line(`${loopback}:1F90`, '00000000:0000', '0A', 1);
  expect(otherPlaces(parseConnections(heading + listening + accepted), inodes, new Set(), served)).toEqual(
    [],
  );
  expect(otherPlaces(parseConnections(heading + accepted), inodes, new Set(), served)).toEqual([]);
  expect(otherPlaces(parseConnections(heading + accepted), inodes, new Set(), new Set())).toEqual([
    { instance: 'api-1', place: '127.0.0.1:49153' },
  ]);
});
