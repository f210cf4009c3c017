// Interfaces and types of answers.
// requests: 1
import http from 'k6/http';
import { check } from 'k6';
import { Options } from 'k6/options';

interface Item {
  id: number;
  name: string;
  price?: number;
}
type Page = { items: Item[]; page: number };

export const options: Options = { vus: 1, iterations: 1 };

export default function (): void {
  const page = http.get(`${__ENV.BASE_URL}/items?limit=2`).json() as unknown as Page;
  check(page.items, { 'two items': (items: Item[]) => items.length === 2 });
}
