/** Stripping and compiling the runtime's own files takes longer than a short test; once is enough. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheFolder as kept } from '../../setup/own-files.mjs';

export const cacheFolder = join(kept, 'k6-runtime');

/** To be called in each thread before it loads more than this. Without a folder to write to it does nothing. */
export function keepCompiled(): void {
  enableCompileCache(cacheFolder);
}
