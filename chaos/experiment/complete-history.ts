/** Takes in a history only when it is whole: from one that was cut off, or that its own clients contradict, nothing may be concluded. */
import { pairingProblems } from '../../reports/history/pairing.ts';
import { readHistory, type History } from '../../reports/history/read-history.ts';
import { HarnessError } from '../errors.ts';

const hint = 'the log of the load generator is in the folder of the cell';

export async function readCompleteHistory(file: string): Promise<History> {
  const history = await readHistory(file);
  if (history.truncatedAtLine !== null) {
    throw new HarnessError(
      `the history ends in the middle of line ${history.truncatedAtLine}: ${file}`,
      hint,
    );
  }
  const [problem] = pairingProblems(history.operations);
  if (problem !== undefined)
    throw new HarnessError(`the clients of the history contradict themselves: ${problem}`, hint);
  return history;
}
