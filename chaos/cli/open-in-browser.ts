/** Hands a page to whatever opens pages on this machine: `BROWSER`, or the opener of the platform. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { UsageError } from '../errors.ts';

const openers: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'open', linux: 'xdg-open' };

/** Throws UsageError when there is nothing to open it with. The opener may outlive this process, for it may be the browser itself. */
export async function openInBrowser(file: string): Promise<void> {
  const chosen = process.env['BROWSER'] ?? '';
  const opener = chosen === '' ? (openers[process.platform] ?? '') : chosen;
  const child = spawn(opener, [resolve(file)], { stdio: 'ignore', detached: true });
  try {
    await once(child, 'spawn');
  } catch {
    throw new UsageError(
      `--open: ${opener === '' ? 'no program that opens pages is known here' : `"${opener}" cannot be started`}`,
      `set BROWSER to a program that opens pages, or open ${resolve(file)} by hand`,
    );
  }
  child.unref();
}
