/** The samples that one exchange leaves behind, with k6's names, order and tags. */
import type { Tags, Timings } from '../api/host.ts';
import type { RunState } from '../engine/run-state.ts';
import type { ExchangeTimes, TlsFacts } from './connection.ts';
import type { RequestPlan } from './request-plan.ts';

export interface ExchangeOutcome {
  readonly tags: Tags;
  readonly name: RequestPlan['name'];
  readonly expected: RequestPlan['expected'];
  /** Without credentials. */
  readonly url: string;
  readonly method: string;
  readonly status: number;
  readonly proto: string;
  readonly error: string;
  readonly errorCode: number;
  readonly remoteIp: string;
  readonly tls: TlsFacts;
  readonly timings: Timings;
}

/** `blockedMs` includes connecting, as in k6. All times are monotonic. */
export function timingsOf(
  times: ExchangeTimes,
  phases: { blockedMs: number; connectingMs: number; tlsHandshakingMs: number },
): Timings {
  const sending = times.sentMs > 0 ? Math.max(times.sentMs - times.sendStartedMs, 0) : 0;
  const answered = times.firstByteMs > 0;
  const waitedUntilMs = answered ? times.firstByteMs : times.endedMs;
  const waiting = times.sentMs > 0 ? Math.max(waitedUntilMs - times.sentMs, 0) : 0;
  const receiving = answered ? Math.max(times.endedMs - times.firstByteMs, 0) : 0;
  return {
    blocked: phases.blockedMs,
    connecting: phases.connectingMs,
    duration: sending + waiting + receiving,
    looking_up: 0,
    receiving,
    sending,
    tls_handshaking: phases.tlsHandshakingMs,
    waiting,
  };
}

export function isExpected(expected: NonNullable<RequestPlan['expected']>, status: number): boolean {
  return expected.some(([from, to]) => status >= from && status <= to);
}

export function emitRequestSamples(run: RunState, outcome: ExchangeOutcome): void {
  const { clock, registry, samples } = run;
  const { timings } = outcome;
  const held = outcome.expected === null ? undefined : isExpected(outcome.expected, outcome.status);
  const tags = requestTags(run, outcome, held);
  const nowMs = clock.nowMs();
  const { builtin } = registry;
  samples.emit(builtin.httpReqs, 1, tags, nowMs);
  samples.emit(builtin.httpReqDuration, timings.duration, tags, nowMs);
  samples.emit(builtin.httpReqBlocked, timings.blocked, tags, nowMs);
  samples.emit(builtin.httpReqConnecting, timings.connecting, tags, nowMs);
  samples.emit(builtin.httpReqTlsHandshaking, timings.tls_handshaking, tags, nowMs);
  samples.emit(builtin.httpReqSending, timings.sending, tags, nowMs);
  samples.emit(builtin.httpReqWaiting, timings.waiting, tags, nowMs);
  samples.emit(builtin.httpReqReceiving, timings.receiving, tags, nowMs);
  if (held !== undefined) samples.emit(builtin.httpReqFailed, held ? 0 : 1, tags, nowMs);
}

/** A name that was given stands for the URL as well, since both are there to group requests. */
function requestTags(run: RunState, outcome: ExchangeOutcome, held: boolean | undefined): Tags {
  const system = run.systemTags;
  const tags: Record<string, string> = Object.assign(Object.create(null), outcome.tags);
  const name = outcome.name ?? outcome.url;
  if (system.has('name') || outcome.name !== undefined) tags['name'] = name;
  if (system.has('url')) tags['url'] = name;
  if (system.has('method')) tags['method'] = outcome.method;
  if (system.has('status')) tags['status'] = String(outcome.status);
  if (system.has('proto') && outcome.proto !== '') tags['proto'] = outcome.proto;
  if (system.has('error') && outcome.error !== '') tags['error'] = outcome.error;
  if (system.has('error_code') && outcome.errorCode !== 0) tags['error_code'] = String(outcome.errorCode);
  if (system.has('ip') && outcome.remoteIp !== '') tags['ip'] = outcome.remoteIp;
  if (system.has('tls_version') && outcome.tls.version !== '') tags['tls_version'] = outcome.tls.version;
  if (held !== undefined && system.has('expected_response')) tags['expected_response'] = String(held);
  return tags;
}
