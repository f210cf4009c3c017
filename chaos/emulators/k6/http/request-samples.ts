/** The samples that one exchange leaves behind, with k6's names, order and tags. */
import type { ScriptContext } from '../engine/script-context.ts';
import { defaultExpectedStatuses } from './expected-statuses.ts';
import type { ExchangeTimes } from './connection.ts';
import type { RequestPlan } from './request-plan.ts';
import type { Timings } from './response.ts';

export interface ExchangeOutcome {
  readonly plan: RequestPlan;
  readonly name: string;
  readonly url: string;
  readonly method: string;
  readonly status: number;
  readonly proto: string;
  readonly error: string;
  readonly errorCode: number;
  readonly remoteIp: string;
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

/** Says whether the answer counted as expected. */
export function emitRequestSamples(context: ScriptContext, outcome: ExchangeOutcome): void {
  const { clock, registry, samples } = context.run;
  const { plan, timings } = outcome;
  const callback = plan.responseCallback === undefined ? context.vu.responseCallback : plan.responseCallback;
  const expected = (callback ?? defaultExpectedStatuses).matches(outcome.status);
  const tags = requestTags(context, outcome, callback === null ? undefined : expected);
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
  if (callback !== null) samples.emit(builtin.httpReqFailed, expected ? 0 : 1, tags, nowMs);
}

function requestTags(
  context: ScriptContext,
  outcome: ExchangeOutcome,
  expected: boolean | undefined,
): Record<string, string> {
  const system = context.run.systemTags;
  const tags: Record<string, string> = { ...context.tags };
  if (system.has('method')) tags['method'] = outcome.method;
  if (system.has('name')) tags['name'] = outcome.name;
  if (system.has('url')) tags['url'] = outcome.url;
  if (system.has('status')) tags['status'] = String(outcome.status);
  if (system.has('proto') && outcome.proto !== '') tags['proto'] = outcome.proto;
  if (system.has('error') && outcome.error !== '') tags['error'] = outcome.error;
  if (system.has('error_code') && outcome.errorCode !== 0) tags['error_code'] = String(outcome.errorCode);
  if (system.has('ip') && outcome.remoteIp !== '') tags['ip'] = outcome.remoteIp;
  if (expected !== undefined && system.has('expected_response')) tags['expected_response'] = String(expected);
  if (outcome.plan.tags !== undefined) Object.assign(tags, outcome.plan.tags);
  return tags;
}
