// Takes jobs and says what became of them. A job is accepted once it is in the queue.
import express from 'express';
import { MongoClient } from 'mongodb';
import { connectQueue, waiting, within } from './queue.js';

const queue = await connectQueue();
const mongo = new MongoClient(process.env.MONGODB_URI, {
  serverSelectionTimeoutMS: 500,
  socketTimeoutMS: 800,
});
const results = mongo.db().collection('results');
const app = express().use(express.json());

app.get('/health', async (_, response) => {
  await Promise.all([within(500, queue.ping()), results.findOne({ _id: '' })]);
  response.json({ status: 'ok' });
});

app.post('/jobs', async ({ body: { job } }, response) => {
  await within(500, queue.lPush(waiting, job));
  response.status(202).json({ job });
});

app.get('/jobs/:job', async ({ params: { job } }, response) => {
  const result = await results.findOne({ _id: job });
  response.json({ job, state: result === null ? 'waiting' : 'done' });
});

app.use((error, _request, response, _next) => response.status(503).json({ error: error.message }));
app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
