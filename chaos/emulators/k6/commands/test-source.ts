/** A script with all it may read, wherever it comes from. */
import type { FileReader } from '../host/open-files.ts';
import type { RawLayer } from '../options/settings.ts';
import type { SourceStore } from '../script/source-store.ts';

export interface TestSource {
  readonly url: string;
  readonly text: string;
  readonly sources: SourceStore;
  readonly files: FileReader;
  /** What an archive was made with: its options stand in place of those of the script. */
  readonly archived:
    | { readonly options: RawLayer; readonly environment: Readonly<Record<string, string>> }
    | undefined;
}
