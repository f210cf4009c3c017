// A namespace with values.
// requests: 1
import http from 'k6/http';
import { check } from 'k6';

namespace Shop {
  export const base: string = __ENV.BASE_URL;
  export function url(path: string): string {
    return `${base}${path}`;
  }
  export namespace Paths {
    export const health = '/health';
  }
}

export default function (): void {
  check(http.get(Shop.url(Shop.Paths.health)), { up: (r) => r.status === 200 });
}
