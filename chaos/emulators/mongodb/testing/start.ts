/** A server in this process and a connected driver, for tests; both end with the scope that uses them. */
import { MongoClient } from 'mongodb';
import type { MongoClientOptions } from 'mongodb';
import { systemClock } from '../../../clock.ts';
import { seededRandom } from '../../../random.ts';
import { startMongoServer } from '../server.ts';
import type { MongoServer } from '../server.ts';

export interface TestServer extends AsyncDisposable {
  readonly server: MongoServer;
  readonly client: MongoClient;
  connect(options?: MongoClientOptions): Promise<MongoClient>;
}

export async function startTestServer(folder?: string): Promise<TestServer> {
  const stack = new AsyncDisposableStack();
  const server = stack.use(
    await startMongoServer({
      host: '127.0.0.1',
      port: 0,
      folder,
      clock: systemClock,
      random: seededRandom('test'),
    }),
  );
  const connect = async (options: MongoClientOptions = {}): Promise<MongoClient> => {
    const client = new MongoClient(server.uri, {
      serverSelectionTimeoutMS: 10_000,
      minHeartbeatFrequencyMS: 50,
      ...options,
    });
    stack.defer(() => client.close(true));
    return client.connect();
  };
  return { server, connect, client: await connect(), [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
