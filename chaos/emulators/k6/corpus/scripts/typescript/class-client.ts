// A client with parameter properties, private members and generics.
// requests: 3
import http, { Params } from 'k6/http';
import { check } from 'k6';

abstract class Client {
  constructor(
    protected readonly base: string,
    private count = 0,
  ) {}
  protected abstract headers(): Record<string, string>;
  get calls(): number {
    return this.count;
  }
  load<T>(path: string, params: Params = {}): T {
    this.count += 1;
    return http.get(`${this.base}${path}`, { ...params, headers: this.headers() }).json() as unknown as T;
  }
}

class AccountClient extends Client {
  private static readonly kind: string = 'Bearer';
  #token: string;
  constructor(base: string, user: string, password: string) {
    super(base);
    this.#token = http.post(`${base}/login`, { user, password }).json('token') as string;
  }
  protected override headers() {
    return { Authorization: `${AccountClient.kind} ${this.#token}` };
  }
}

export default function () {
  const client = new AccountClient(__ENV.BASE_URL, 'ann', 'secret-a');
  const account = client.load<{ user: string }>('/account');
  const item = client.load<{ id: number }>('/items/2');
  check(client, { 'two calls': (c) => c.calls === 2 && account.user === 'ann' && item.id === 2 });
}
