/** `archive SCRIPT`: a file with all that a run of it needs. */
import { writeFileSync } from 'node:fs';
import { makeArchive } from '../archive/archive.ts';
import { applyOptions, scriptOptions } from '../engine/apply-options.ts';
import { createVuFactory } from '../engine/vu-factory.ts';
import type { CommandLine } from '../options/flags.ts';
import { mergeOptions } from '../options/consolidate.ts';
import type { RawLayer } from '../options/settings.ts';
import type { CommandHost } from './command-host.ts';
import { setUpTest } from './test-setup.ts';
import type { Streams } from './test-setup.ts';
import { k6Version } from './version.ts';

export async function archiveScript(
  host: CommandHost,
  commandLine: CommandLine,
  streams: Streams,
): Promise<number> {
  const { layers, load, run, source } = await setUpTest(host, commandLine, streams, []);
  const { loader, program } = await load();
  const { exports } = await createVuFactory(run, program);
  // Checks them as a run would.
  applyOptions(run, exports, layers);
  const { options } = mergeOptions<RawLayer>([
    { name: 'config', options: layers.file },
    { name: 'script', options: scriptOptions(exports, layers) },
    { name: 'env', options: layers.environment },
    { name: 'cli', options: layers.flags },
  ]);
  const { archiveOut, excludeEnvironment } = commandLine.settings;
  const bytes = makeArchive({
    environment: excludeEnvironment ? {} : run.environment,
    files: run.files.opened,
    k6Version,
    modifiedMs: run.clock.nowMs(),
    modules: new Map([...program.graph.modules].map(({ url }) => [url, loader.textOf(url)] as const)),
    options,
    text: source.text,
    url: source.url,
  });
  if (archiveOut === '-') {
    streams.stdout.writeBytes(bytes);
  } else {
    writeFileSync(archiveOut, bytes);
  }
  return 0;
}
