/**
 * One connection seen as commands and their replies. It follows every Redis and MongoDB connection from its first byte,
 * so that a fault added later still finds the right reply; other protocols pass unseen.
 */
import type { Clock } from '../../../clock.ts';
import type { Sink } from '../proxy/sink.ts';
import type { FaultsInForce } from './faults/faults-in-force.ts';
import type { FaultAction, ProtocolFault } from './faults/protocol-fault.ts';
import { MessageFilter } from './message-filter.ts';
import { pass, type Ending, type Plan } from './plan.ts';
import { MongoMessages } from './protocol/mongo-messages.ts';
import { RedisReplies } from './protocol/redis-replies.ts';
import { RedisRequests } from './protocol/redis-requests.ts';
import type { Command, MessageObserver, Protocol, ReplyScanner, RequestScanner } from './protocol/scanner.ts';
import { sniffProtocol } from './protocol/sniff.ts';

export interface ConversationOptions {
  readonly clock: Clock;
  readonly connectionNumber: number;
  /** Towards the server and, from it, towards the client. */
  readonly requestOutput: Sink;
  readonly replyOutput: Sink;
  readonly faults: FaultsInForce;
  readonly finish: (ending: 'close' | 'reset') => void;
}

interface PlannedReply {
  readonly fault: ProtocolFault;
  readonly plan: Plan;
}

const unobserved: MessageObserver = { started: () => {}, identified: () => {}, ended: () => {} };

export class Conversation {
  readonly requests: MessageFilter;
  readonly replies: MessageFilter;
  protocol: Protocol | undefined;
  /** The fault that silenced this connection. */
  hungBy: ProtocolFault | undefined;
  /** Times that a fault acted on this connection. */
  faultsApplied = 0;
  readonly #options: ConversationOptions;
  #requestScanner: RequestScanner | undefined;
  #replyScanner: ReplyScanner | undefined;
  #sniffed: Buffer = Buffer.alloc(0);
  /** Redis answers in order, so requests and replies are numbered by counting; MongoDB numbers them itself. */
  #requestCount = 0;
  #replyCount = 0;
  readonly #plannedReplies = new Map<number, PlannedReply>();

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.requests = new MessageFilter(options.requestOutput, options.clock, {
      holds: () => options.faults.actOnRequests,
      plan: (held) => this.#planRequest(held),
      lost: () => this.#lose(),
    });
    this.replies = new MessageFilter(options.replyOutput, options.clock, {
      holds: () => this.#plannedReplies.size > 0,
      plan: () => this.#planReply(),
      lost: () => this.#lose(),
    });
    this.requests.onUnscanned = (data) => this.#sniff(data);
  }

  /** Undoes what the fault still holds back. True when the connection lost bytes to it and has to be closed. */
  withdraw(fault: ProtocolFault): boolean {
    for (const [number, planned] of this.#plannedReplies) {
      if (planned.fault === fault) this.#plannedReplies.delete(number);
    }
    this.requests.release();
    this.replies.release();
    return this.hungBy === fault;
  }

  dispose(): void {
    this.requests.dispose();
    this.replies.dispose();
  }

  #sniff(data: Buffer): void {
    const before = this.#sniffed;
    const start = before.length === 0 ? data : Buffer.concat([before, data]);
    const protocol = sniffProtocol(start);
    if (protocol === 'undecided') {
      this.#sniffed = Buffer.from(start);
      return;
    }
    this.#sniffed = Buffer.alloc(0);
    this.requests.onUnscanned = undefined;
    if (protocol === 'other') return;
    this.protocol = protocol;
    const { faults } = this.#options;
    this.#requestScanner = protocol === 'redis' ? new RedisRequests(faults) : new MongoMessages(faults);
    this.#replyScanner = protocol === 'redis' ? new RedisReplies() : new MongoMessages({ inCommands: false });
    // The first bytes have gone on already; too few to hold a whole message.
    this.#requestScanner.scan(before, unobserved);
    this.requests.scanner = this.#requestScanner;
    this.replies.scanner = this.#replyScanner;
  }

  #planRequest(held: boolean): Plan {
    const scanner = this.#requestScanner;
    if (scanner === undefined) return pass;
    if (scanner.endsPairing) this.#lose();
    this.#requestCount += 1;
    if (!this.#options.faults.inCommands) return pass;
    const { command } = scanner;
    let requestPlan: Plan = pass;
    for (const fault of this.#options.faults.list) {
      if (fault.protocol !== this.protocol || (fault.side === 'request' && !held)) continue;
      const action = fault.decide(command);
      if (action === undefined) continue;
      const plan = this.#planFor(fault, action, command);
      if (fault.side === 'request') {
        if (requestPlan.kind === 'pass') requestPlan = plan;
      } else if (scanner.expectsReply && this.#replyScanner !== undefined) {
        const number = this.protocol === 'redis' ? this.#requestCount : scanner.requestId;
        if (!this.#plannedReplies.has(number)) this.#plannedReplies.set(number, { fault, plan });
      }
    }
    return requestPlan;
  }

  #planReply(): Plan {
    const scanner = this.#replyScanner;
    if (scanner === undefined || scanner.unsolicited) return pass;
    this.#replyCount += 1;
    if (this.protocol === 'redis' && this.#replyCount > this.#requestCount) {
      this.#lose();
      return pass;
    }
    const number = this.protocol === 'redis' ? this.#replyCount : scanner.responseTo;
    const planned = this.#plannedReplies.get(number);
    if (planned === undefined) return pass;
    this.#plannedReplies.delete(number);
    return planned.plan;
  }

  #planFor(fault: ProtocolFault, action: FaultAction, command: Command): Plan {
    const onApplied = (): void => {
      this.faultsApplied += 1;
      fault.applied(command, this.#options.connectionNumber);
      if (action.kind === 'finish') this.#finish(action.ending, fault);
    };
    return action.kind === 'delay'
      ? { kind: 'delay', delayMs: action.delayMs, onApplied }
      : { kind: 'finish', afterBytes: action.afterBytes, onApplied };
  }

  #finish(ending: Ending, fault: ProtocolFault): void {
    if (ending !== 'hang') {
      this.#options.finish(ending);
      return;
    }
    this.hungBy = fault;
    this.requests.silence();
    this.replies.silence();
  }

  /** Replies can no longer be told apart; bytes pass unseen from here on. */
  #lose(): void {
    this.#plannedReplies.clear();
    this.requests.onUnscanned = undefined;
    this.#replyScanner = undefined;
    this.replies.scanner = undefined;
  }
}
