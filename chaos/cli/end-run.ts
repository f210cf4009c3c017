/** The end of a command that writes a report: its files, what it prints, and its exit status. */
import { join } from 'node:path';
import { writeIndex } from '../../reports/index/write-index.ts';
import type { Report } from '../../reports/record/report.ts';
import { renderAnnotations } from '../../reports/render/render-annotations.ts';
import { linkLatest, writeRun } from '../run/run-folder.ts';

/** `text` is the result for the terminal; `save` keeps the baselines, if asked for. */
export async function endRun(
  report: Report,
  folder: string,
  {
    out,
    text,
    reason,
    save,
    note,
  }: {
    readonly out: string;
    readonly text: string;
    /** Printed after the text; null when the text has said it. */
    readonly reason: string | null;
    readonly save: () => Promise<void>;
    readonly note: (line: string) => void;
  },
): Promise<void> {
  try {
    await writeRun(folder, report);
  } catch (error) {
    // What was found must not be lost with the files that tell of it.
    console.log(text);
    throw error;
  }
  await linkLatest(out, report.id);
  await save();
  console.log(text);
  for (const contact of new Set(report.cells.flatMap(({ contacts = [] }) => contacts)))
    console.log(`Beside its stores: ${contact}; network of the target can allow it`);
  if (reason !== null) console.log(reason);
  // GitHub reads these from what a step prints, and shows them on the page of the change.
  if (process.env['GITHUB_ACTIONS'] === 'true') process.stdout.write(renderAnnotations(report));
  console.log(`Report: ${join(folder, 'report.html')}`);
  // A problem with the folders of other runs must not change the verdict of this one.
  await writeIndex(out).then(
    (index) => console.log(`All runs: ${index}`),
    (error: unknown) => note(`The page of all runs could not be written: ${String(error)}`),
  );
  process.exitCode = report.exit.code;
}
