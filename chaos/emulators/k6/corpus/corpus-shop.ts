/** What the server of the corpus remembers. */
export interface Item {
  readonly id: number;
  readonly name: string;
  readonly price: number;
}

const names = ['apple', 'bread', 'cheese', 'dates', 'eggs', 'flour', 'grapes', 'honey', 'ice', 'jam'];

export class Shop {
  readonly items = new Map<number, Item>(
    Array.from({ length: 30 }, (_, index) => {
      const id = index + 1;
      return [id, { id, name: `${names[index % names.length] ?? ''} ${id}`, price: id * 1.5 }] as const;
    }),
  );
  readonly #users = new Map<string, string>([
    ['ann', 'secret-a'],
    ['bob', 'secret-b'],
    ['cy', 'secret-c'],
  ]);
  #lastItem = 30;

  /** The token of the account; undefined for wrong credentials. */
  login(user: string, password: string): string | undefined {
    return this.#users.get(user) === password ? `token-of-${user}` : undefined;
  }

  register(user: string, password: string): boolean {
    if (this.#users.has(user)) return false;
    this.#users.set(user, password);
    return true;
  }

  userOf(token: string): string | undefined {
    const user = token.replace(/^token-of-/, '');
    return token.startsWith('token-of-') && this.#users.has(user) ? user : undefined;
  }

  add(name: string, price: number): Item {
    this.#lastItem += 1;
    const item = { id: this.#lastItem, name, price };
    this.items.set(item.id, item);
    return item;
  }
}
