// The smallest test there is.
// requests: 1
import http from 'k6/http';

export default function () {
  http.get(`${__ENV.BASE_URL}/health`);
}
