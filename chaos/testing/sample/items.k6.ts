/** Writes and reads items, about as many of each. */
import {
  type Answer,
  arrival,
  openSchedule,
  perform,
  readSettings,
  summaryFiles,
  thresholds,
  uniqueName,
  waitForStart,
} from '../../api/k6/index.ts';

const settings = readSettings();

export const options = {
  scenarios: { clients: openSchedule(settings, 'clients', settings.ratePerSecond) },
  thresholds: thresholds(settings),
};

export async function setup(): Promise<void> {
  await waitForStart(settings);
}

function readAnswer(status: number, body: unknown, transportError: string): Answer {
  if (status === 0) return { status, data: {}, definite: false, error: transportError || 'no answer' };
  const data = JSON.parse(String(body)) as Record<string, unknown>;
  const failed = status < 200 || status > 299;
  return { status, data, definite: status < 500, error: failed ? `${status}` : undefined };
}

export async function clients(): Promise<void> {
  const at = arrival(settings, settings.ratePerSecond);
  const id = `i${at.random.integer(1, settings.world['items'] as number)}`;
  const subject = { id };
  const path = `/items/${id}`;
  if (at.random.next() < 0.5) {
    const describe = ({ data }: Answer) => ({ text: (data['item'] as { text: string }).text });
    await perform(
      settings,
      at,
      { f: 'read', kind: 'read', method: 'GET', path, subject, describe },
      readAnswer,
    );
    return;
  }
  const text = uniqueName();
  await perform(
    settings,
    at,
    {
      f: 'write',
      kind: 'write',
      method: 'POST',
      path,
      body: { text },
      subject: { id, text },
      describe: () => ({}),
    },
    readAnswer,
  );
}

export function handleSummary(data: unknown): Record<string, string> {
  return summaryFiles(settings, data);
}
