/**
 * One connection seen as commands and their replies. It follows every Redis and MongoDB connection from its first byte,
 * so that a fault added later still finds the right reply; other protocols pass unseen.
 */
import type { Clock } from '../../../clock.ts';
import type { Sink } from '../proxy/sink.ts';
import type { FaultsInForce } from './faults/faults-in-force.ts';
import type { CommandPlace, FaultAction, ProtocolFault } from './faults/protocol-fault.ts';
import { MessageFilter } from './message-filter.ts';
import { pass, type Ending, type Gate, type Plan } from './plan.ts';
import { MongoMessages } from './protocol/mongo-messages.ts';
import { RedisReplies } from './protocol/redis-replies.ts';
import { RedisRequests } from './protocol/redis-requests.ts';
import type { Command, MessageObserver, Protocol, ReplyScanner, RequestScanner } from './protocol/scanner.ts';
import { sniffProtocol } from './protocol/sniff.ts';
import { mongoNothing, mongoRefusal, redisNothing, redisRefusal, type StoreError } from './store-error.ts';
import type { TraceRecorder } from './trace/recorder.ts';
import { StreamTap } from './trace/stream-tap.ts';

export interface ConversationOptions {
  readonly clock: Clock;
  readonly place: CommandPlace;
  /** The client's address, host:port. */
  readonly peer: string;
  readonly recorder: TraceRecorder;
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
  /** Of messages that a fault holds. */
  readonly #gates = new Map<Gate, ProtocolFault>();
  /** Number of the connection among all of this server. */
  readonly #traced: number;
  #disposed = false;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#traced = options.recorder.newConnection();
    this.requests = new MessageFilter(
      options.requestOutput,
      options.clock,
      {
        holds: () => options.faults.actOnRequests,
        plan: (held) => this.#planRequest(held),
        lost: () => this.#lose(),
      },
      this.#tap(true, () => this.#requestCount),
    );
    this.replies = new MessageFilter(
      options.replyOutput,
      options.clock,
      {
        holds: () => this.#plannedReplies.size > 0,
        plan: () => this.#planReply(),
        lost: () => this.#lose(),
      },
      this.#tap(false, () => this.#replyCount),
    );
    this.requests.onUnscanned = (data) => this.#sniff(data);
  }

  /** Undoes what the fault still holds back. True when the connection lost bytes to it and has to be closed. */
  withdraw(fault: ProtocolFault): boolean {
    for (const [number, planned] of this.#plannedReplies) {
      // The answer to what was sent in place of a command must never reach the client.
      if (planned.fault === fault && planned.plan.kind !== 'replace') this.#plannedReplies.delete(number);
    }
    for (const [gate, holder] of this.#gates) if (holder === fault) gate.open = true;
    this.requests.release();
    this.replies.release();
    return this.hungBy === fault;
  }

  dispose(): void {
    this.#disposed = true;
    this.requests.dispose();
    this.replies.dispose();
  }

  /** Both sides are closed. */
  closed(): void {
    if (this.protocol !== undefined) this.#options.recorder.closed(this.#traced);
  }

  #tap(fromClient: boolean, number: () => number): StreamTap {
    const { recorder, place, peer } = this.#options;
    return new StreamTap({
      recorder,
      connection: this.#traced,
      fromClient,
      number,
      introduce: () => {
        const { protocol } = this;
        if (protocol === undefined) return;
        recorder.introduce(this.#traced, { proxy: place.proxy, number: place.connection, peer, protocol });
      },
    });
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
    const number = this.protocol === 'redis' ? this.#requestCount : scanner.requestId;
    const answered = scanner.expectsReply && this.#replyScanner !== undefined;
    let requestPlan: Plan = pass;
    for (const fault of this.#options.faults.list) {
      if (fault.protocol !== this.protocol || (fault.side === 'request' && !held)) continue;
      const action = fault.decide(command, this.#options.place);
      if (action === undefined) continue;
      if (fault.side === 'request') {
        if (requestPlan.kind !== 'pass' || (action.kind === 'answer' && !answered)) continue;
        requestPlan = this.#planFor(fault, action, command, number);
      } else if (answered && !this.#plannedReplies.has(number)) {
        this.#plannedReplies.set(number, { fault, plan: this.#planFor(fault, action, command, number) });
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

  #planFor(fault: ProtocolFault, action: FaultAction, command: Command, number: number): Plan {
    const applied = () => {
      this.faultsApplied += 1;
      const done = action.kind === 'finish' ? action.ending : action.kind;
      this.#options.recorder.note(this.#traced, number, {
        fault: fault.name,
        side: fault.side,
        action: done,
      });
      return fault.applied(command, this.#options.place);
    };
    switch (action.kind) {
      case 'answer':
        this.#plannedReplies.set(number, { fault, plan: refusal(this.protocol, number, action.error) });
        return {
          kind: 'replace',
          by: this.protocol === 'redis' ? redisNothing : mongoNothing(number),
          onApplied: applied,
        };
      case 'delay':
        return { kind: 'delay', delayMs: action.delayMs, onApplied: applied };
      case 'finish':
        return {
          kind: 'finish',
          afterBytes: action.afterBytes,
          onApplied: () => {
            applied();
            this.#finish(action.ending, fault);
          },
        };
      case 'hold': {
        const gate: Gate = { open: false };
        return {
          kind: 'hold',
          gate,
          onApplied: () => {
            this.#gates.set(gate, fault);
            action.onHeld({
              application: applied(),
              pass: () => this.#openGate(gate, fault.side),
              cut: (ending) => this.#finish(ending, fault),
              gone: () => this.#disposed,
            });
          },
        };
      }
    }
  }

  #openGate(gate: Gate, side: 'request' | 'reply'): void {
    gate.open = true;
    this.#gates.delete(gate);
    if (side === 'request') this.requests.resume();
    else this.replies.resume();
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

/** The proxy's own message stands for the store's answer to nothing. */
function refusal(protocol: Protocol | undefined, number: number, error: StoreError): Plan {
  const by = protocol === 'redis' ? redisRefusal(error) : mongoRefusal(number, error);
  return { kind: 'replace', by, onApplied: () => undefined };
}
