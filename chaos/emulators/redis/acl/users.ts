/** Users, and whether a password is one of theirs. Passwords are kept as SHA-256. */
import { createHash } from 'node:crypto';
import { bufferOf, compareBytes, type Bytes } from '../bytes/byte-string.ts';
import { Selector } from './selector.ts';

export class User {
  readonly name: Bytes;
  isEnabled = false;
  /** Any password will do. */
  needsNoPassword = false;
  sanitizesPayload: boolean | undefined = undefined;
  passwords: Bytes[] = [];
  root = new Selector();
  selectors: Selector[] = [];

  constructor(name: Bytes) {
    this.name = name;
  }

  copy(): User {
    const made = new User(this.name);
    made.assign(this);
    return made;
  }

  /** Takes over everything but the name. */
  assign(other: User): void {
    this.isEnabled = other.isEnabled;
    this.needsNoPassword = other.needsNoPassword;
    this.sanitizesPayload = other.sanitizesPayload;
    this.passwords = [...other.passwords];
    this.root = other.root.copy();
    this.selectors = other.selectors.map((selector) => selector.copy());
  }

  flags(): string[] {
    const flags = [this.isEnabled ? 'on' : 'off'];
    if (this.needsNoPassword) flags.push('nopass');
    if (this.sanitizesPayload === false) flags.push('skip-sanitize-payload');
    if (this.sanitizesPayload === true) flags.push('sanitize-payload');
    return flags;
  }
}

export class Users {
  readonly #users = new Map<Bytes, User>();
  readonly default: User;

  constructor() {
    this.default = new User('default');
    this.default.isEnabled = true;
    this.default.needsNoPassword = true;
    this.default.root.commands = undefined;
    this.default.root.beginsWithAll = true;
    this.default.root.allKeys = true;
    this.default.root.allChannels = true;
    this.#users.set('default', this.default);
  }

  get(name: Bytes): User | undefined {
    return this.#users.get(name);
  }

  set(user: User): void {
    this.#users.set(user.name, user);
  }

  delete(name: Bytes): boolean {
    return this.#users.delete(name);
  }

  /** In the order of their names. */
  all(): User[] {
    return [...this.#users.values()].sort((left, right) => compareBytes(left.name, right.name));
  }

  /** What `requirepass` means: the default user's only password. */
  setDefaultPassword(password: Bytes): void {
    this.default.passwords = password === '' ? [] : [hashPassword(password)];
    this.default.needsNoPassword = password === '';
  }

  hasPassword(name: Bytes, password: Bytes): boolean {
    const user = this.#users.get(name);
    if (user === undefined || !user.isEnabled) return false;
    return user.needsNoPassword || user.passwords.includes(hashPassword(password));
  }
}

export function hashPassword(password: Bytes): Bytes {
  return createHash('sha256').update(bufferOf(password)).digest('hex');
}
