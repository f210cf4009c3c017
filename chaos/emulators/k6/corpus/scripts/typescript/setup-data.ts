// What setup gives is typed.
// requests: 3
import http from 'k6/http';
import { check } from 'k6';

interface SetupData {
  token: string;
}

export const options = { vus: 2, iterations: 2 };

export function setup(): SetupData {
  return {
    token: http.post(`${__ENV.BASE_URL}/login`, { user: 'cy', password: 'secret-c' }).json('token') as string,
  };
}

export default function (data: SetupData): void {
  const params = { headers: { Authorization: `Bearer ${data.token}` } };
  check(http.get(`${__ENV.BASE_URL}/account`, params), { 'is cy': (r) => r.json('user') === 'cy' });
}
