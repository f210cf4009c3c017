// A shared array with a type.
// requests: 2
import http from 'k6/http';
import { SharedArray } from 'k6/data';
import { check } from 'k6';

type User = Readonly<{ user: string; password: string }>;
const users: User[] = new SharedArray<User>('typed users', () => [
  { user: 'ann', password: 'secret-a' },
  { user: 'bob', password: 'secret-b' },
]) as unknown as User[];

export const options = { vus: 1, iterations: 2 };

export default function () {
  const user = users[__ITER % users.length]!;
  check(http.post(`${__ENV.BASE_URL}/login`, { ...user }), { 'login works': (r) => r.status === 200 });
}
