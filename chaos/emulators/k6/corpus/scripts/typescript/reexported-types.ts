// Types that another file passes on.
// requests: 1
import http from 'k6/http';
import { check } from 'k6';
import { Item, loadItem, Kind } from './lib/index.ts';

export default function () {
  const item: Item = loadItem(http, 3);
  check(item, { 'is cheese': (i) => i.name.startsWith('cheese') && Kind.Food === 'food' });
}
