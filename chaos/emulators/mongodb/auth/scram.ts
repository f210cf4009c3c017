/**
 * The server's side of SCRAM (RFC 5802 and 7677): the client proves that it knows the password, the server that it knows
 * the user, and neither says what it knows.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { MongoError } from '../errors.ts';
import { algorithms } from './credentials.ts';
import type { Credentials, Mechanism } from './credentials.ts';

export interface ScramStep {
  readonly payload: string;
  /** The client is who it says, and has been told that the server knows it. */
  readonly isDone: boolean;
}

export interface ScramSetup {
  readonly mechanism: Mechanism;
  /** Client and server save the last, empty exchange. */
  readonly skipsEmptyExchange: boolean;
  credentialsOf(user: string): Credentials | undefined;
  newNonce(): string;
}

export const authenticationFailed = (): MongoError =>
  new MongoError('AuthenticationFailed', 'Authentication failed.');

type State = 'first' | 'final' | 'empty' | 'done';

export class ScramConversation {
  readonly #setup: ScramSetup;
  #state: State = 'first';
  #user = '';
  #credentials: Credentials | undefined;
  #clientFirstBare = '';
  #serverFirst = '';
  #nonce = '';

  constructor(setup: ScramSetup) {
    this.#setup = setup;
  }

  get user(): string {
    return this.#user;
  }

  /** @throws MongoError AuthenticationFailed. */
  step(payload: string): ScramStep {
    switch (this.#state) {
      case 'first':
        return this.#begin(payload);
      case 'final':
        return this.#verify(payload);
      case 'empty':
        this.#state = 'done';
        return { payload: '', isDone: true };
      case 'done':
        throw authenticationFailed();
    }
  }

  #begin(payload: string): ScramStep {
    const match = /^(?:n|y),(?:a=[^,]*)?,(n=([^,]*),r=([^,]+).*)$/.exec(payload);
    if (match === null) throw authenticationFailed();
    const [, bare = '', name = '', nonce = ''] = match;
    this.#user = name.replaceAll('=2C', ',').replaceAll('=3D', '=');
    this.#credentials = this.#setup.credentialsOf(this.#user);
    if (this.#credentials === undefined) throw authenticationFailed();
    this.#clientFirstBare = bare;
    this.#nonce = nonce + this.#setup.newNonce();
    const { iterationCount, salt } = this.#credentials;
    this.#serverFirst = `r=${this.#nonce},s=${salt},i=${iterationCount}`;
    this.#state = 'final';
    return { payload: this.#serverFirst, isDone: false };
  }

  #verify(payload: string): ScramStep {
    const match = /^(c=([^,]*),r=([^,]*)),p=(.+)$/.exec(payload);
    const credentials = this.#credentials;
    if (match === null || credentials === undefined) throw authenticationFailed();
    const [, withoutProof = '', , nonce, proof = ''] = match;
    if (nonce !== this.#nonce) throw authenticationFailed();
    const { bytes, hash } = algorithms[this.#setup.mechanism];
    const message = `${this.#clientFirstBare},${this.#serverFirst},${withoutProof}`;
    const storedKey = Buffer.from(credentials.storedKey, 'base64');
    const signature = createHmac(hash, storedKey).update(message).digest();
    const proofBytes = Buffer.from(proof, 'base64');
    if (proofBytes.length !== bytes) throw authenticationFailed();
    const clientKey = Buffer.from(signature.map((byte, index) => byte ^ (proofBytes[index] ?? 0)));
    if (!timingSafeEqual(createHash(hash).update(clientKey).digest(), storedKey))
      throw authenticationFailed();
    const serverKey = Buffer.from(credentials.serverKey, 'base64');
    const isDone = this.#setup.skipsEmptyExchange;
    this.#state = isDone ? 'done' : 'empty';
    return { payload: `v=${createHmac(hash, serverKey).update(message).digest('base64')}`, isDone };
  }
}
