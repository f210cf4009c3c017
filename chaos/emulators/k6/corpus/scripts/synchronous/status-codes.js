// Which statuses count as failed.
// requests: 4
import http from 'k6/http';
import { check } from 'k6';

export const options = { thresholds: { http_req_failed: ['rate==0.5'] } };

export default function () {
  const statuses = [200, 201, 404, 503].map((code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status);
  check(statuses, { 'as asked': (list) => list.join() === '200,201,404,503' });
}
