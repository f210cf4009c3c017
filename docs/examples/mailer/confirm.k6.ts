// Each arrival asks for the confirmation of an order of its own.
import {
  arrival,
  openSchedule,
  perform,
  readSettings,
  summaryFiles,
  thresholds,
  uniqueName,
  waitForStart,
} from 'redcliff/k6';

const settings = readSettings();
export const options = {
  scenarios: { customers: openSchedule(settings, 'customers', settings.ratePerSecond) },
  thresholds: thresholds(settings),
};
export const setup = () => waitForStart(settings);
export const handleSummary = (data: unknown) => summaryFiles(settings, data);

export async function customers() {
  const order = uniqueName();
  const at = arrival(settings, settings.ratePerSecond);
  const path = `/confirmations/${order}`;
  await perform(settings, at, {
    f: 'confirm',
    kind: 'write',
    method: 'POST',
    path,
    body: {},
    subject: { order },
  });
}
