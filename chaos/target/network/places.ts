/** Which places a process of the target may connect to: this machine's loopback, and what the target allows. */

/** As `network` of a target names a place: a host, or a host and a port. */
export function isAllowed(allowed: readonly string[], host: string, port: number): boolean {
  return allowed.includes(host) || allowed.includes(describePlace(host, port));
}

export function describePlace(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Also the addresses that mean all of this machine's, which a client reaches by loopback. */
export function isLoopback(host: string): boolean {
  const bare = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/^::ffff:/, '');
  return (
    bare === '' ||
    bare === 'localhost' ||
    bare.endsWith('.localhost') ||
    bare === '::1' ||
    bare === '::' ||
    bare === '0.0.0.0' ||
    /^127(?:\.\d{1,3}){3}$/.test(bare)
  );
}

/** Names that a hosts file gives to loopback addresses. */
export function loopbackNames(hostsFile: string): readonly string[] {
  return hostsFile.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return address !== '' && isLoopback(address) ? names.map((name) => name.toLowerCase()) : [];
  });
}
