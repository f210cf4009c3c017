// Each arrival asks for the confirmation of an order of its own.
import http from 'k6/http';
import {
  arrival,
  openSchedule,
  readSettings,
  record,
  summaryFiles,
  thresholds,
  uniqueName,
  waitForStart,
} from 'redcliff/k6/blocking';

const settings = readSettings();
export const options = {
  scenarios: { customers: openSchedule(settings, 'customers') },
  thresholds: thresholds(settings),
};
export const setup = () => waitForStart(settings);
export const handleSummary = (data: unknown) => summaryFiles(settings, data);

export function customers() {
  const order = uniqueName();
  const request = record(settings, arrival(settings), { f: 'confirm', kind: 'write', subject: { order } });
  request.finish(http.post(`${request.base}/confirmations/${order}`, '{}', request.params));
}
