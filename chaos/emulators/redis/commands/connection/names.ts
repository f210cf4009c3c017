/** Names that clients give themselves. */
import type { Bytes } from '../../bytes/byte-string.ts';
import type { Client } from '../../clients/client.ts';
import { plainError } from '../../errors.ts';

/** Names stand in lists, divided by spaces. */
export function setName(client: Client, name: Bytes): void {
  if (!/^[!-~]*$/.test(name)) {
    throw plainError('Client names cannot contain spaces, newlines or special characters.');
  }
  client.name = name;
}
