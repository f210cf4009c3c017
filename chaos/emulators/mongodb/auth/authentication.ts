/** Who a connection is: the users that have logged in on it, and the conversation under way. */
import type { Random } from '../../../random.ts';
import { mechanisms } from './credentials.ts';
import type { Mechanism } from './credentials.ts';
import { ScramConversation } from './scram.ts';
import type { User, UserStore } from './user-store.ts';
import { MongoError } from '../errors.ts';

interface Conversation {
  readonly db: string;
  readonly mechanism: Mechanism;
  readonly scram: ScramConversation;
}

export interface AuthenticationStep {
  readonly payload: Buffer;
  readonly isDone: boolean;
}

const nonceBytes = 24;

export class Authentication {
  readonly #users: UserStore;
  readonly #random: Random;
  #conversation: Conversation | undefined;
  #login: { readonly db: string; readonly user: string; readonly mechanism: Mechanism } | undefined;

  constructor(users: UserStore, random: Random) {
    this.#users = users;
    this.#random = random;
  }

  /** undefined when nobody has logged in, or the user is gone since. */
  get user(): User | undefined {
    return this.#login === undefined ? undefined : this.#users.find(this.#login.db, this.#login.user);
  }

  /** @throws MongoError AuthenticationFailed, MechanismUnavailable. */
  start(db: string, mechanismName: string, payload: Buffer, skipsEmptyExchange: boolean): AuthenticationStep {
    const mechanism = mechanisms.find((name) => name === mechanismName);
    if (mechanism === undefined) {
      throw new MongoError(
        'MechanismUnavailable',
        `Received authentication for mechanism ${mechanismName} which is not enabled`,
      );
    }
    const scram = new ScramConversation({
      mechanism,
      skipsEmptyExchange,
      credentialsOf: (user) => this.#users.find(db, user)?.credentials[mechanism],
      newNonce: () =>
        Buffer.from(Array.from({ length: nonceBytes }, () => this.#random.integer(0, 255))).toString(
          'base64',
        ),
    });
    this.#conversation = { db, mechanism, scram };
    return this.#advance(payload);
  }

  /** @throws MongoError AuthenticationFailed, ProtocolError. */
  continue(payload: Buffer): AuthenticationStep {
    if (this.#conversation === undefined)
      throw new MongoError('ProtocolError', 'No SASL session state found');
    return this.#advance(payload);
  }

  logOut(db: string): void {
    if (this.#login?.db === db) this.#login = undefined;
  }

  #advance(payload: Buffer): AuthenticationStep {
    const conversation = this.#conversation;
    if (conversation === undefined) throw new MongoError('ProtocolError', 'No SASL session state found');
    try {
      const step = conversation.scram.step(payload.toString('utf8'));
      if (step.isDone) {
        const { db, mechanism, scram } = conversation;
        this.#login = { db, mechanism, user: scram.user };
        this.#conversation = undefined;
      }
      return { payload: Buffer.from(step.payload, 'utf8'), isDone: step.isDone };
    } catch (thrown) {
      this.#conversation = undefined;
      throw thrown;
    }
  }
}
