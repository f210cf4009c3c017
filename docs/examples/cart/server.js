// Shopping carts in MongoDB, cached in Redis; a checkout makes an order of a cart, under a lock.
// CART_BUG=write-behind answers before the line is in the database, as one does to be fast.
import Fastify from 'fastify';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';

const redis = new Redis(process.env.REDIS_URL, {
  commandTimeout: 300,
  maxRetriesPerRequest: 1,
  retryStrategy: () => 50,
});
redis.on('error', () => undefined);
const writeBehind = process.env.CART_BUG === 'write-behind';

const line = new mongoose.Schema({ line: String, sku: String }, { _id: false });
const fields = { _id: String, lines: [line] };
const Cart = mongoose.model('Cart', new mongoose.Schema(fields, { bufferCommands: false }));
const Order = mongoose.model(
  'Order',
  new mongoose.Schema({ ...fields, cart: String }, { bufferCommands: false }),
);

const app = Fastify({ requestTimeout: 2_000 });

app.get('/health', async () => {
  await Promise.all([redis.ping(), mongoose.connection.db.admin().ping()]);
  return { status: 'ok' };
});

app.get('/carts/:id', async ({ params: { id } }) => {
  const cached = await redis.get(`cart:${id}`).catch(() => null);
  if (cached !== null) return JSON.parse(cached);
  const cart = (await Cart.findById(id).lean().maxTimeMS(800)) ?? { _id: id, lines: [] };
  await redis.set(`cart:${id}`, JSON.stringify(cart), 'EX', 1).catch(() => undefined);
  return cart;
});

app.post('/carts/:id/lines', async ({ params: { id }, body: { line: name, sku } }) => {
  // A line is added once, however often the client tries.
  const add = async () => {
    await Cart.updateOne({ _id: id }, { $setOnInsert: { lines: [] } }, { upsert: true });
    const notOrdered = (await Order.exists({ 'lines.line': name })) === null;
    if (notOrdered)
      await Cart.updateOne(
        { _id: id, 'lines.line': { $ne: name } },
        { $push: { lines: { line: name, sku } } },
      );
    await redis.del(`cart:${id}`).catch(() => undefined);
  };
  if (writeBehind) void add().catch(() => undefined);
  else await add();
  return { line: name };
});

app.post('/carts/:id/checkout', async ({ params: { id } }, reply) => {
  const lock = `lock:cart:${id}`;
  const token = `${process.pid}-${Math.random()}`;
  if ((await redis.set(lock, token, 'PX', 5_000, 'NX')) === null)
    return reply.code(409).send({ error: 'busy' });
  try {
    let order = null;
    await mongoose.connection.transaction(async (session) => {
      order = null;
      const cart = await Cart.findById(id).session(session);
      if (cart === null || cart.lines.length === 0) return;
      const lines = cart.lines.map(({ line: name, sku }) => ({ line: name, sku }));
      order = { _id: `${id}:${lines[0].line}`, cart: id, lines };
      await Order.create([order], { session });
      cart.lines = [];
      await cart.save({ session });
    });
    await redis.del(`cart:${id}`).catch(() => undefined);
    return order ?? { lines: [] };
  } finally {
    const release =
      "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";
    await redis.eval(release, 1, lock, token).catch(() => undefined);
  }
});

await mongoose.connect(process.env.MONGODB_URI, {
  serverSelectionTimeoutMS: 800,
  socketTimeoutMS: 1_500,
  w: 'majority',
});
await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
process.on('SIGTERM', () => process.exit(0));
