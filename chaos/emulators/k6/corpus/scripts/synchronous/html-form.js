// Reads a page and sends its form.
// requests: 2
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const page = http.get(`${__ENV.BASE_URL}/page`);
  const csrf = page.html().find('input[name=csrf]').attr('value');
  check(csrf, { 'token is there': (value) => value === 'c5rf' });
  const res = page.submitForm({ formSelector: 'form', fields: { query: 'bread' } });
  check(res, { 'answer shows query and size': (r) => r.html('p.answer').text() === 'bread in m' });
}
