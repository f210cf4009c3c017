/** All metrics of a run by name, k6's own among them. */
import { Metric } from './metric.ts';
import type { ValueKind } from './metric.ts';
import type { MetricType } from './sinks.ts';

export interface BuiltinMetrics {
  readonly checks: Metric;
  readonly dataReceived: Metric;
  readonly dataSent: Metric;
  readonly droppedIterations: Metric;
  readonly groupDuration: Metric;
  readonly httpReqBlocked: Metric;
  readonly httpReqConnecting: Metric;
  readonly httpReqDuration: Metric;
  readonly httpReqFailed: Metric;
  readonly httpReqReceiving: Metric;
  readonly httpReqSending: Metric;
  readonly httpReqTlsHandshaking: Metric;
  readonly httpReqWaiting: Metric;
  readonly httpReqs: Metric;
  readonly intendedDuration: Metric;
  readonly iterationDuration: Metric;
  readonly iterations: Metric;
  readonly vus: Metric;
  readonly vusMax: Metric;
  readonly wsConnecting: Metric;
  readonly wsSessions: Metric;
}

export class MetricRegistry {
  readonly #metrics = new Map<string, Metric>();
  readonly builtin: BuiltinMetrics;

  constructor() {
    const trend = (name: string): Metric => this.#create(name, 'trend', 'time');
    this.builtin = {
      checks: this.#create('checks', 'rate', 'default'),
      dataReceived: this.#create('data_received', 'counter', 'data'),
      dataSent: this.#create('data_sent', 'counter', 'data'),
      droppedIterations: this.#create('dropped_iterations', 'counter', 'default'),
      groupDuration: trend('group_duration'),
      httpReqBlocked: trend('http_req_blocked'),
      httpReqConnecting: trend('http_req_connecting'),
      httpReqDuration: trend('http_req_duration'),
      httpReqFailed: this.#create('http_req_failed', 'rate', 'default'),
      httpReqReceiving: trend('http_req_receiving'),
      httpReqSending: trend('http_req_sending'),
      httpReqTlsHandshaking: trend('http_req_tls_handshaking'),
      httpReqWaiting: trend('http_req_waiting'),
      httpReqs: this.#create('http_reqs', 'counter', 'default'),
      intendedDuration: trend('redcliff_intended_duration'),
      iterationDuration: trend('iteration_duration'),
      iterations: this.#create('iterations', 'counter', 'default'),
      vus: this.#create('vus', 'gauge', 'default'),
      vusMax: this.#create('vus_max', 'gauge', 'default'),
      wsConnecting: trend('ws_connecting'),
      wsSessions: this.#create('ws_sessions', 'counter', 'default'),
    };
    this.#create('ws_msgs_sent', 'counter', 'default');
    this.#create('ws_msgs_received', 'counter', 'default');
    trend('ws_ping');
    trend('ws_session_duration');
    trend('grpc_req_duration');
    this.builtin.httpReqDuration.submetric('expected_response:true');
  }

  get(name: string): Metric | undefined {
    return this.#metrics.get(name);
  }

  all(): IterableIterator<Metric> {
    return this.#metrics.values();
  }

  /** The metric of this name, made when there is none. Throws when the name is bad or taken by another type. */
  define(name: string, type: MetricType, contains: ValueKind): Metric {
    const found = this.#metrics.get(name);
    if (found === undefined) {
      if (!/^[a-zA-Z_][a-zA-Z0-9_]{1,128}$/.test(name)) {
        throw new Error(
          `invalid metric name '${name}': it must have 2 to 129 ASCII letters, digits or underscores and start with no digit`,
        );
      }
      return this.#create(name, type, contains);
    }
    if (found.type !== type) {
      throw new Error(`metric '${name}' already exists but with type ${found.type}, instead of ${type}`);
    }
    if (found.contains !== contains) {
      throw new Error(`metric '${name}' already exists but holds ${found.contains}, instead of ${contains}`);
    }
    return found;
  }

  #create(name: string, type: MetricType, contains: ValueKind): Metric {
    const metric = new Metric(name, type, contains);
    this.#metrics.set(name, metric);
    return metric;
  }
}
