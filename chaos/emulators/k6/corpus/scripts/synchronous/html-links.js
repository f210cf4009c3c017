// Reads lists of a page and follows a link.
// requests: 2
import http from 'k6/http';
import { parseHTML } from 'k6/html';
import { check } from 'k6';

export default function () {
  const res = http.get(`${__ENV.BASE_URL}/page`);
  const doc = parseHTML(res.body);
  const names = [];
  doc.find('ul.goods li a').each((_, element) => names.push(element.textContent()));
  check(names, { 'three goods': (list) => list.join() === 'apple,bread,cheese' });
  check(doc, {
    title: (d) => d.find('head title').text() === 'Shop',
    'data attribute': (d) => d.find('li').last().data('id') === 3,
    'href by attr': (d) => d.find('a').first().attr('href') === '/items/1',
  });
  const item = res.clickLink({ selector: 'a:nth-child(1)' });
  check(item, { 'link leads to apple': (r) => r.json('name').startsWith('apple') });
}
