// One request for each arrival: a line is added, a cart is read or checked out. record() writes what came of it into the history.
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
  scenarios: { shoppers: openSchedule(settings, 'shoppers') },
  thresholds: thresholds(settings),
};
export const setup = () => waitForStart(settings);
export const handleSummary = (data: unknown) => summaryFiles(settings, data);

export function shoppers() {
  const at = arrival(settings);
  const cart = `c${at.random.integer(1, Number(settings.world['carts']))}`;
  const drawn = at.random.next();
  if (drawn < 0.5) {
    const line = uniqueName();
    const body = JSON.stringify({ line, sku: `sku-${at.random.integer(1, 20)}` });
    const adding = record(settings, at, { f: 'add line', kind: 'write', subject: { cart, line } });
    adding.finish(http.post(`${adding.base}/carts/${cart}/lines`, body, adding.params));
  } else if (drawn < 0.6) {
    const ordering = record(settings, at, { f: 'check out', kind: 'write', subject: { cart } });
    ordering.finish(http.post(`${ordering.base}/carts/${cart}/checkout`, '{}', ordering.params));
  } else {
    const describe = ({ data }: Answer) => ({ lines: data['lines'] });
    const reading = record(settings, at, { f: 'read cart', kind: 'read', subject: { cart }, describe });
    reading.finish(http.get(`${reading.base}/carts/${cart}`, reading.params));
  }
}
