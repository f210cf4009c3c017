// Does the jobs, each at least once: it stays in a list of its own until its result is stored, and is tried again when that fails.
// JOBS_BUG=ack-early takes it off the queue first, as a plain pop does: what fails then is forgotten.
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { connectQueue, waiting, within, working } from './queue.js';

const ackEarly = process.env.JOBS_BUG === 'ack-early';
const queue = await connectQueue();
const mongo = new MongoClient(process.env.MONGODB_URI, {
  serverSelectionTimeoutMS: 500,
  socketTimeoutMS: 800,
  w: 'majority',
});
const results = mongo.db().collection('results');
process.on('SIGTERM', () => process.exit(0));
console.log('worker started');

/** What was at work when an earlier worker ended, or failed, waits again. */
async function putBack() {
  while ((await within(500, queue.lMove(working, waiting, 'RIGHT', 'RIGHT'))) !== null);
}

async function doNext() {
  const job = ackEarly
    ? await within(500, queue.rPop(waiting))
    : await within(500, queue.lMove(waiting, working, 'RIGHT', 'LEFT'));
  if (job === null) return false;
  await results.updateOne({ _id: job }, { $inc: { attempts: 1 } }, { upsert: true });
  if (!ackEarly) await within(500, queue.lRem(working, 1, job));
  return true;
}

for (;;) {
  try {
    if (!ackEarly) await putBack();
    while (await doNext());
  } catch (error) {
    console.log(`tried again: ${error.message}`);
  }
  await sleep(20);
}
