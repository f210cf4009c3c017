import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { runCommand } from '../cli/testing/command-under-test.ts';

test.each([
  ['redis', 1],
  ['mongodb', 70],
  ['toxiproxy', 1],
])('the embedded %s says that its port is taken, and what to do', async (part, status) => {
  const taken = createServer();
  await once(taken.listen(0, '127.0.0.1'), 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const host = part === 'redis' ? '--bind' : '--host';
    const finished = await runCommand(['emulator', part, '--port', String(port), host, '127.0.0.1']);
    expect(finished.status).toBe(status);
    expect(finished.output).toContain(`port ${port} of 127.0.0.1 is taken`);
    expect(finished.output).toContain('give another --port');
  } finally {
    taken.close();
  }
});
