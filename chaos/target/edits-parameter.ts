/** How a mutant is handed to the processes it is planted in: in the URL of the module that plants it. */
import type { Edit } from '../api/mutant.ts';

export interface PlantedEdits {
  readonly mutant: string;
  readonly edits: readonly Edit[];
  /** Folder that the files of the edits are relative to. */
  readonly root: string;
}

export function withEdits(url: URL, planted: PlantedEdits): URL {
  const full = new URL(url);
  full.searchParams.set('planted', Buffer.from(JSON.stringify(planted)).toString('base64url'));
  return full;
}

/** Only ever reads what `withEdits` has written. */
export function editsIn(url: URL): PlantedEdits {
  const text = Buffer.from(url.searchParams.get('planted') ?? '', 'base64url').toString('utf8');
  return JSON.parse(text) as PlantedEdits;
}
