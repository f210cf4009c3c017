// Each arrival submits a job of its own, and then asks for its state.
import http from 'k6/http';
import {
  type Answer,
  arrival,
  followUp,
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
  const at = arrival(settings);
  const job = uniqueName();
  const submitting = record(settings, at, { f: 'submit', kind: 'write', subject: { job } });
  submitting.finish(http.post(`${submitting.base}/jobs`, JSON.stringify({ job }), submitting.params));

  const describe = ({ data }: Answer) => ({ state: data['state'] });
  const asking = record(settings, followUp(at), { f: 'look up', kind: 'read', subject: { job }, describe });
  asking.finish(http.get(`${asking.base}/jobs/${job}`, asking.params));
}
