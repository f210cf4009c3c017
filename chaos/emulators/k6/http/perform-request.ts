/**
 * Carries one request of a script through: connection, redirects, cookies, its deadline, and its samples. An
 * unanswered request is a response with status 0, as in k6, unless the script asked for an exception.
 */
import { URL } from 'node:url';
import type { ScriptContext } from '../engine/script-context.ts';
import { messageOf } from '../errors.ts';
import type { Connection, ExchangeTimes } from './connection.ts';
import type { Cookie } from './cookie-jar.ts';
import { decompress } from './decompress.ts';
import { endpointOf } from './endpoints.ts';
import { errorCodes, RequestError } from './request-error.ts';
import type { RequestPlan } from './request-plan.ts';
import { emitRequestSamples, timingsOf } from './request-samples.ts';
import { Response } from './response.ts';
import type { ParsedResponse } from './response-parser.ts';
import { cookieHeaderOf, serializeRequest } from './wire-request.ts';

/** Never settles when the iteration is interrupted. */
export function performRequest(context: ScriptContext, plan: RequestPlan): Promise<Response> {
  return new Promise((resolve, reject) => {
    const operation = new RequestOperation(context, plan);
    const cancel = (): void => operation.cancel();
    context.begin(cancel);
    operation.run().then(
      (response) => {
        if (context.interrupted) return;
        resolve(response);
        context.finish(cancel);
      },
      (error: unknown) => {
        if (context.interrupted) return;
        reject(error);
        context.finish(cancel);
      },
    );
  });
}

interface Hop {
  readonly method: string;
  readonly url: URL;
  readonly body: RequestPlan['body'];
  readonly headers: Readonly<Record<string, string>>;
  readonly name: string;
}

interface HopEnd {
  readonly answer: ParsedResponse | undefined;
  readonly error: RequestError | undefined;
  readonly response: Response;
}

/** Go sends these again by itself when a kept connection turns out to be closed. */
const replayable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

class RequestOperation {
  readonly #context: ScriptContext;
  readonly #plan: RequestPlan;
  readonly #deadline: Disposable;
  #connection: Connection | undefined;
  #expire: ((error: RequestError) => void) | undefined;
  #expired = false;

  constructor(context: ScriptContext, plan: RequestPlan) {
    this.#context = context;
    this.#plan = plan;
    this.#deadline = context.run.clock.timer(plan.timeoutMs, () => this.#timeOut());
  }

  async run(): Promise<Response> {
    const plan = this.#plan;
    let hop: Hop = {
      body: plan.body,
      headers: plan.headers,
      method: plan.method,
      name: plan.name,
      url: plan.url,
    };
    for (let redirects = 0; ; redirects += 1) {
      // Each hop depends on the answer to the one before.
      // oxlint-disable-next-line no-await-in-loop
      const end = await this.#runHop(hop);
      const next = end.answer === undefined ? undefined : redirectOf(hop, end.answer);
      if (next === undefined || redirects >= plan.maxRedirects) {
        this.#deadline[Symbol.dispose]();
        if (end.error !== undefined && this.#context.run.options.throw === true) throw end.error;
        return end.response;
      }
      hop = next;
    }
  }

  cancel(): void {
    this.#deadline[Symbol.dispose]();
    this.#dropConnection();
  }

  #timeOut(): void {
    this.#expired = true;
    this.#dropConnection();
    this.#expire?.(timeoutError());
  }

  #dropConnection(): void {
    if (this.#connection !== undefined) this.#context.vu.agent.discard(this.#connection);
    this.#connection = undefined;
  }

  async #runHop(hop: Hop): Promise<HopEnd> {
    const { clock, options } = this.#context.run;
    const times: ExchangeTimes = { endedMs: 0, firstByteMs: 0, sendStartedMs: 0, sentMs: 0 };
    const phases = { blockedMs: 0, connectingMs: 0, tlsHandshakingMs: 0 };
    const jar = this.#plan.jar ?? this.#context.vu.cookieJar;
    const request = {
      body: hop.body,
      cookieHeader: cookieHeaderOf(jar.forUrl(hop.url, clock.nowMs()), this.#plan.cookies),
      headers: hop.headers,
      keepAlive: options.noConnectionReuse !== true,
      method: hop.method,
      url: hop.url,
    };
    let answer: ParsedResponse | undefined;
    let error: RequestError | undefined;
    let remote = { ip: '', port: 0 };
    try {
      const bytes = serializeRequest(request);
      const ended = await this.#exchange(hop, bytes, request.keepAlive, times, phases);
      answer = ended.answer;
      remote = ended.remote;
    } catch (thrown) {
      error =
        thrown instanceof RequestError
          ? thrown
          : new RequestError(errorCodes.generic, messageOf(thrown), thrown);
      if (times.sendStartedMs > 0 && times.endedMs === 0) times.endedMs = clock.monotonicMs();
    }
    return this.#conclude(hop, { answer, error, jar, remote, timings: timingsOf(times, phases) });
  }

  #conclude(
    hop: Hop,
    end: {
      answer: ParsedResponse | undefined;
      error: RequestError | undefined;
      jar: { receive(line: string, url: URL, nowMs: number): Cookie | undefined };
      remote: { ip: string; port: number };
      timings: ReturnType<typeof timingsOf>;
    },
  ): HopEnd {
    const { answer, remote, timings } = end;
    let { error } = end;
    const status = answer?.head.status ?? 0;
    const body = answer === undefined ? undefined : decompress(answer);
    if (body instanceof RequestError) error = body;
    const errorCode = error?.errorCode ?? (status >= 400 ? 1000 + status : 0);
    const url = hop.url.href;
    const cookies: Cookie[] = [];
    for (const line of answer?.head.setCookies ?? []) {
      const cookie = end.jar.receive(line, hop.url, this.#context.run.clock.nowMs());
      if (cookie !== undefined) cookies.push(cookie);
    }
    const response = new Response({
      body: body instanceof RequestError ? undefined : body,
      cookies,
      error: error?.message ?? '',
      errorCode,
      head: answer?.head,
      plan: this.#plan,
      remoteIp: remote.ip,
      remotePort: remote.port,
      sentHeaders: hop.headers,
      timings,
      url,
    });
    if (!this.#context.interrupted) {
      emitRequestSamples(this.#context, {
        error: error?.message ?? '',
        errorCode,
        method: hop.method,
        name: hop.name,
        plan: this.#plan,
        proto: answer?.head.proto ?? '',
        remoteIp: remote.ip,
        status,
        timings,
        url,
      });
    }
    return { answer, error, response };
  }

  async #exchange(
    hop: Hop,
    bytes: ReturnType<typeof serializeRequest>,
    keepAlive: boolean,
    times: ExchangeTimes,
    phases: { blockedMs: number; connectingMs: number; tlsHandshakingMs: number },
  ): Promise<{ answer: ParsedResponse; remote: { ip: string; port: number } }> {
    const { run, vu } = this.#context;
    const endpoint = endpointOf(hop.url, run.options);
    const key = `${hop.url.protocol}//${hop.url.host}`;
    const startedMs = run.clock.monotonicMs();
    let connection = keepAlive ? vu.agent.reuse(key) : undefined;
    const reused = connection !== undefined;
    if (connection === undefined) {
      const dialing = vu.agent.dial(endpoint);
      connection = dialing.connection;
      this.#connection = connection;
      await this.#orTimeout(dialing.opened);
      phases.connectingMs = connection.connectingMs;
      phases.tlsHandshakingMs = connection.tlsHandshakingMs;
    }
    this.#connection = connection;
    phases.blockedMs += run.clock.monotonicMs() - startedMs;
    try {
      const answer = await this.#orTimeout(connection.exchange(bytes, hop.method === 'HEAD', times));
      const remote = { ip: connection.remoteAddress, port: connection.remotePort };
      vu.agent.release(key, connection, keepAlive);
      this.#connection = undefined;
      return { answer, remote };
    } catch (error) {
      const again = reused && !this.#expired && times.firstByteMs === 0 && isReplayable(hop);
      if (!again) throw error;
      Object.assign(times, { endedMs: 0, sendStartedMs: 0, sentMs: 0 });
      return this.#exchange(hop, bytes, keepAlive, times, phases);
    }
  }

  #orTimeout<Value>(work: Promise<Value>): Promise<Value> {
    if (this.#expired) return Promise.reject(timeoutError());
    return new Promise((resolve, reject) => {
      this.#expire = reject;
      work.then(resolve, reject);
    });
  }
}

function timeoutError(): RequestError {
  return new RequestError(errorCodes.requestTimeout, 'request timeout');
}

function isReplayable(hop: Hop): boolean {
  const hasKey = 'Idempotency-Key' in hop.headers || 'X-Idempotency-Key' in hop.headers;
  return hasKey || (hop.body === undefined && replayable.has(hop.method));
}

function redirectOf(hop: Hop, answer: ParsedResponse): Hop | undefined {
  const { headers, status } = answer.head;
  const location = headers['Location'];
  if (location === undefined || !URL.canParse(location, hop.url.href)) return undefined;
  const url = new URL(location, hop.url);
  const name = hop.name === hop.url.href ? url.href : hop.name;
  if (status === 307 || status === 308) return { ...hop, name, url };
  if (status !== 301 && status !== 302 && status !== 303) return undefined;
  const kept = Object.entries(hop.headers).filter(
    ([header]) =>
      !/^Content-|^Transfer-/.test(header) && (header !== 'Authorization' || url.host === hop.url.host),
  );
  const method = hop.method === 'HEAD' ? 'HEAD' : 'GET';
  return { body: undefined, headers: Object.fromEntries(kept), method, name, url };
}
