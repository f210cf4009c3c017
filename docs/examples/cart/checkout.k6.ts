// One request for each arrival: a line is added, a cart is read or checked out. perform() records it in the history.
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
  scenarios: { shoppers: openSchedule(settings, 'shoppers', settings.ratePerSecond) },
  thresholds: thresholds(settings),
};
export const setup = () => waitForStart(settings);
export const handleSummary = (data: unknown) => summaryFiles(settings, data);

export async function shoppers() {
  const at = arrival(settings, settings.ratePerSecond);
  const cart = `c${at.random.integer(1, Number(settings.world['carts']))}`;
  const drawn = at.random.next();
  if (drawn < 0.5) {
    const line = uniqueName();
    const body = { line, sku: `sku-${at.random.integer(1, 20)}` };
    const path = `/carts/${cart}/lines`;
    await perform(settings, at, {
      f: 'add line',
      kind: 'write',
      method: 'POST',
      path,
      body,
      subject: { cart, line },
    });
  } else if (drawn < 0.6) {
    const path = `/carts/${cart}/checkout`;
    await perform(settings, at, {
      f: 'check out',
      kind: 'write',
      method: 'POST',
      path,
      body: {},
      subject: { cart },
    });
  } else {
    const path = `/carts/${cart}`;
    const describe = ({ data }: { data: Readonly<Record<string, unknown>> }) => ({ lines: data['lines'] });
    await perform(settings, at, {
      f: 'read cart',
      kind: 'read',
      method: 'GET',
      path,
      subject: { cart },
      describe,
    });
  }
}
