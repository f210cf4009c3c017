// A small service for tests of the tool: items in MongoDB with a cache in Redis, and a worker that counts what is queued.
// ROLE is "api" or "worker".
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';

const deadlineMs = 800;
const cacheSeconds = 1;
const redis = new Redis(process.env.REDIS_URL, {
  commandTimeout: 300,
  maxRetriesPerRequest: 1,
  retryStrategy: () => 50,
});
redis.on('error', () => undefined);
const mongo = new MongoClient(process.env.MONGODB_URI, {
  serverSelectionTimeoutMS: deadlineMs,
  socketTimeoutMS: deadlineMs,
  writeConcern: { w: 'majority' },
});
const items = mongo.db().collection('items');
const counts = mongo.db().collection('counts');

if (process.env.ROLE === 'worker') await work();
else await serve();

async function serve() {
  const server = createServer((request, response) => {
    const body = [];
    request.on('data', (chunk) => body.push(chunk));
    request.on('end', () => {
      const late = setTimeout(() => answer(response, 503, { error: 'deadline' }), deadlineMs);
      handle(request.method, request.url, Buffer.concat(body).toString())
        .then(
          ({ status, ...content }) => answer(response, status, content),
          (error) => answer(response, 503, { error: String(error) }),
        )
        .finally(() => clearTimeout(late));
    });
  });
  server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
  process.on('SIGTERM', () => process.exit(0));
}

function answer(response, status, content) {
  if (response.writableEnded) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(content));
}

async function handle(method, url, body) {
  const id = url.split('/')[2];
  if (url === '/health') {
    const [seen, stored] = await Promise.allSettled([redis.ping(), mongo.db().command({ ping: 1 })]);
    const well = seen.status === 'fulfilled' && stored.status === 'fulfilled';
    return { status: well ? 200 : 503, queue: well ? await redis.llen('queue') : null };
  }
  if (method === 'GET') return await read(id);
  const { text } = JSON.parse(body);
  await store(id, text);
  await redis.del(`item:${id}`).catch(() => undefined);
  await redis.rpush('queue', id).catch(() => undefined);
  return { status: 200, id, text };
}

async function store(id, text) {
  await items.updateOne({ _id: id }, { $set: { text }, $inc: { version: 1 } }, { upsert: true });
}

async function read(id) {
  const cached = await redis.get(`item:${id}`).catch(() => null);
  if (cached !== null) return { status: 200, item: JSON.parse(cached) };
  const item = await items.findOne({ _id: id });
  if (item === null) return { status: 404 };
  await redis.set(`item:${id}`, JSON.stringify(item), 'EX', cacheSeconds).catch(() => undefined);
  return { status: 200, item };
}

async function work() {
  console.log('ready');
  process.on('SIGTERM', () => process.exit(0));
  for (;;) {
    const id = await redis.lpop('queue').catch(() => null);
    if (id === null) await new Promise((resolve) => setTimeout(resolve, 20));
    else
      await counts.updateOne({ _id: id }, { $inc: { writes: 1 } }, { upsert: true }).catch(() => undefined);
  }
}
