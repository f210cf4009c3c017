// Each arrival moves money between two accounts, or reads a balance.
import http from 'k6/http';
import {
  type Answer,
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
  const at = arrival(settings);
  const accounts = Number(settings.world['accounts']);
  const from = at.random.integer(1, accounts);
  const account = `a${from}`;
  if (at.choice < 0.7) {
    const to = `a${(from % accounts) + 1}`;
    const transfer = uniqueName();
    const amount = at.random.integer(1, 10);
    const subject = { transfer, from: account, to, amount };
    const moving = record(settings, at, { f: 'transfer', kind: 'write', subject });
    moving.finish(http.post(`${moving.base}/transfers`, JSON.stringify(subject), moving.params));
  } else {
    const describe = ({ data }: Answer) => ({ balance: data['balance'] });
    const reading = record(settings, at, { f: 'read balance', kind: 'read', subject: { account }, describe });
    reading.finish(http.get(`${reading.base}/accounts/${account}`, reading.params));
  }
}
