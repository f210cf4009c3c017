// Generic functions and constraints.
// requests: 2
import http from 'k6/http';
import { check } from 'k6';

function pick<T extends { id: number }, K extends keyof T>(list: readonly T[], key: K): T[K][] {
  return list.map((one) => one[key]);
}
const load = <T>(path: string): T => http.get(`${__ENV.BASE_URL}${path}`).json() as T;

export default function () {
  const { items } = load<{ items: { id: number; name: string }[] }>('/items?limit=3');
  check(pick(items, 'id'), { 'three ids': (ids) => ids.join('') === '123' });
  check(load<{ id: number }>('/items/9'), { nine: (one) => one.id === 9 });
}
