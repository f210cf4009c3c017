// A client as teams write them: blocking calls inside of methods.
import http from 'k6/http';
import { check } from 'k6';

export class ShopClient {
  constructor(base, token) {
    this.base = base;
    this.headers = { 'Content-Type': 'application/json' };
    if (token) this.headers.Authorization = `Bearer ${token}`;
  }

  static login(base, user, password) {
    const res = http.post(`${base}/login`, JSON.stringify({ user, password }));
    return new ShopClient(base, res.json('token'));
  }

  request(method, path, body = null) {
    const res = http.request(method, `${this.base}${path}`, body === null ? null : JSON.stringify(body), {
      headers: this.headers,
    });
    check(res, { 'client got an answer': (r) => r.status > 0 && r.status < 500 });
    return res;
  }

  list(page = 1) {
    return this.request('GET', `/items?page=${page}`).json('items');
  }

  get account() {
    return this.request('GET', '/account').json();
  }
}
