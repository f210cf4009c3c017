// Enums, also const ones and with computed members.
// requests: 3
import http, { RefinedResponse, ResponseType } from 'k6/http';
import { check } from 'k6';

enum Route {
  Health = '/health',
  Page = '/page',
}
enum Status {
  Ok = 200,
  Created,
  Next = Created + 1,
}
const enum Times {
  One = 1,
}

export default function () {
  for (const route of Object.values(Route)) {
    const res: RefinedResponse<ResponseType | undefined> = http.get(`${__ENV.BASE_URL}${route}`);
    check(res, { ok: (r) => r.status === Status.Ok });
  }
  check(Status, { 'names by value': (s) => s[201] === 'Created' && s.Next === 202 && Times.One === 1 });
  http.get(__ENV.BASE_URL + Route.Health);
}
