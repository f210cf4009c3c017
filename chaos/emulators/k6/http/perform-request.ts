/**
 * Carries one request of a script through: connection, redirects, cookies, its deadline, and its samples. An unanswered request is
 * a response with status 0, as in k6, unless the script asked for an exception.
 */
import type { RequestCookie, ResponseData } from '../api/host.ts';
import type { RunState } from '../engine/run-state.ts';
import type { VirtualUser } from '../engine/virtual-user.ts';
import { messageOf } from '../errors.ts';
import { decodeBody } from './compression.ts';
import type { Connection, Endpoint, ExchangeTimes, TlsFacts } from './connection.ts';
import type { CookieJar } from './cookie-jar.ts';
import { digestAuthorization } from './digest-auth.ts';
import { endpointOf } from './endpoints.ts';
import { formatGoUrl, requestTarget, withoutCredentials } from './go-url.ts';
import { nextHop } from './redirects.ts';
import type { Hop } from './redirects.ts';
import { errorCodes, RequestError } from './request-error.ts';
import type { RequestPlan } from './request-plan.ts';
import { emitRequestSamples, timingsOf } from './request-samples.ts';
import { responseData } from './response-data.ts';
import type { ParsedResponse } from './response-parser.ts';
import { parseSetCookie } from './set-cookie.ts';
import { assertSendable, cookieHeaderOf, serializeRequest } from './wire-request.ts';

export interface RequestUnderWay {
  readonly response: Promise<ResponseData>;
  /** Its samples are not made then, and `response` never settles. */
  cancel(): void;
}

export function performRequest(
  run: RunState,
  vu: Pick<VirtualUser, 'agent'>,
  plan: RequestPlan,
  jar: CookieJar,
): RequestUnderWay {
  const operation = new RequestOperation(run, vu, plan, jar);
  return { cancel: () => operation.cancel(), response: operation.run() };
}

interface HopEnd {
  readonly answer: ParsedResponse | undefined;
  readonly body: Buffer | undefined;
  readonly error: RequestError | undefined;
  readonly errorCode: number;
  readonly remote: Remote;
  readonly sentCookies: readonly RequestCookie[];
  readonly timings: ReturnType<typeof timingsOf>;
}

interface Remote {
  readonly ip: string;
  readonly port: number;
  readonly tls: TlsFacts;
}

const nowhere: Remote = { ip: '', port: 0, tls: { cipherSuite: '', version: '' } };

/** Go sends these again by itself when a kept connection turns out to be closed. */
const replayable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

class RequestOperation {
  readonly #run: RunState;
  readonly #vu: Pick<VirtualUser, 'agent'>;
  readonly #plan: RequestPlan;
  readonly #jar: CookieJar;
  #deadline: Disposable | undefined;
  #connection: Connection | undefined;
  #expire: ((error: RequestError) => void) | undefined;
  #expired: RequestError | undefined;
  #cancelled = false;

  constructor(run: RunState, vu: Pick<VirtualUser, 'agent'>, plan: RequestPlan, jar: CookieJar) {
    this.#run = run;
    this.#vu = vu;
    this.#plan = plan;
    this.#jar = jar;
  }

  async run(): Promise<ResponseData> {
    await this.#run.requestSlots?.take();
    if (this.#cancelled) return never();
    const plan = this.#plan;
    // As in k6, the time spent waiting for a slot does not count.
    this.#deadline = this.#run.clock.timer(plan.timeoutMs, () => this.#timeOut());
    const first = this.#firstHop();
    let hop = first;
    let challenged = plan.auth !== 'digest';
    for (let redirects = 0; ;) {
      // Each hop depends on the answer to the one before.
      // oxlint-disable-next-line no-await-in-loop
      const end = await this.#runHop(hop, challenged ? plan.expected : challengeExpected(plan.expected));
      let next: Hop | undefined;
      try {
        next = this.#next(first, hop, end, challenged);
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        return this.#conclude(hop, { ...end, answer: undefined, error, errorCode: error.errorCode });
      }
      const isRedirect = next !== undefined && (challenged || end.answer?.head.status !== 401);
      challenged = true;
      if (next !== undefined && isRedirect && redirects >= plan.maxRedirects) {
        this.#tellOfRedirects(redirects);
        next = undefined;
      }
      if (next === undefined) return this.#conclude(hop, end);
      if (isRedirect) redirects += 1;
      hop = next;
    }
  }

  cancel(): void {
    this.#cancelled = true;
    this.#deadline?.[Symbol.dispose]();
    this.#dropConnection();
  }

  #firstHop(): Hop {
    const { auth, body, headers, method, url } = this.#plan;
    const { user } = url;
    if (user === undefined || headers.has('Authorization')) return { body, headers, method, url };
    const credentials = Buffer.from(`${user.name}:${user.password ?? ''}`).toString('base64');
    const plainUrl = auth === 'digest' ? { ...url, user: undefined } : url;
    return {
      body,
      headers: new Map([...headers, ['Authorization', `Basic ${credentials}`]]),
      method,
      url: plainUrl,
    };
  }

  /** The request that follows from an answer: to where it points, or with what it asks for. */
  #next(first: Hop, hop: Hop, { answer }: HopEnd, challenged: boolean): Hop | undefined {
    if (answer === undefined) return undefined;
    const { user } = this.#plan.url;
    if (challenged || answer.head.status !== 401) return nextHop(first, hop, answer.head);
    const authorization = digestAuthorization(answer.head.headers['Www-Authenticate'] ?? '', {
      body: answer.body.toString('utf8'),
      method: hop.method,
      nonce: this.#run.random.uuid().replaceAll('-', ''),
      password: user?.password ?? '',
      target: requestTarget(hop.url),
      user: user?.name ?? '',
    });
    if (authorization === undefined) return undefined;
    return { ...hop, headers: new Map([...hop.headers, ['Authorization', authorization]]) };
  }

  #tellOfRedirects(count: number): void {
    if (this.#plan.redirectsAreGiven) return;
    this.#run.log.report(
      'warning',
      `Stopped after ${count + 1} redirects and returned the redirection; pass { redirects: n } in request params or set global maxRedirects to silence this`,
      { url: this.#plan.urlText },
    );
  }

  #timeOut(): void {
    const body = this.#connection?.partialBody;
    this.#expired = new RequestError(errorCodes.requestTimeout, 'request timeout', undefined, body);
    this.#dropConnection();
    this.#expire?.(this.#expired);
  }

  #dropConnection(): void {
    if (this.#connection !== undefined) this.#vu.agent.discard(this.#connection);
    this.#connection = undefined;
  }

  async #runHop(hop: Hop, expected: RequestPlan['expected']): Promise<HopEnd> {
    const { clock, options } = this.#run;
    const times: ExchangeTimes = { endedMs: 0, firstByteMs: 0, sendStartedMs: 0, sentMs: 0 };
    const phases = { blockedMs: 0, connectingMs: 0, tlsHandshakingMs: 0 };
    const fromJar = this.#jar.forUrl(hop.url, clock.nowMs());
    const request = {
      body: hop.body,
      cookieHeader: cookieHeaderOf(fromJar, this.#plan.cookies),
      headers: hop.headers,
      keepAlive: options.noConnectionReuse !== true,
      method: hop.method,
      url: hop.url,
    };
    let answer: ParsedResponse | undefined;
    let body: Buffer | undefined;
    let error: RequestError | undefined;
    let remote = nowhere;
    try {
      assertSendable(request);
      const bytes = serializeRequest(request);
      this.#run.httpDebug?.request(bytes);
      const ended = await this.#exchange(hop, bytes, request.keepAlive, times, phases);
      ({ answer, remote } = ended);
      this.#run.httpDebug?.response(ended.answer);
      ({ body, error } = decodeBody(ended.answer));
    } catch (thrown) {
      error =
        thrown instanceof RequestError
          ? thrown
          : new RequestError(errorCodes.generic, messageOf(thrown), thrown);
      body = error.partialBody;
      if (times.sendStartedMs > 0 && times.endedMs === 0) times.endedMs = clock.monotonicMs();
    }
    this.#keepCookies(hop, answer);
    const status = answer?.head.status ?? 0;
    const errorCode = error?.errorCode ?? (status >= 400 ? 1000 + status : 0);
    const timings = timingsOf(times, phases);
    if (!this.#cancelled)
      this.#emitSamples(hop, expected, { error, errorCode, head: answer?.head, remote, timings });
    return {
      // An answer whose body cannot be read counts as none.
      answer: error === undefined ? answer : undefined,
      body,
      error,
      errorCode,
      remote,
      sentCookies: [
        ...this.#plan.cookies,
        ...fromJar.map(({ name, value }) => ({ name, replace: false, value })),
      ],
      timings,
    };
  }

  #emitSamples(
    hop: Hop,
    expected: RequestPlan['expected'],
    end: Pick<HopEnd, 'error' | 'errorCode' | 'remote' | 'timings'> & {
      head: ParsedResponse['head'] | undefined;
    },
  ): void {
    const { error, errorCode, head, remote, timings } = end;
    emitRequestSamples(this.#run, {
      error: error?.message ?? '',
      errorCode,
      expected,
      method: hop.method,
      name: this.#plan.name,
      proto: error === undefined ? (head?.proto ?? '') : '',
      remoteIp: remote.ip,
      status: error === undefined ? (head?.status ?? 0) : 0,
      tags: this.#plan.tags,
      timings,
      tls: remote.tls,
      url: this.#shownUrl(hop),
    });
  }

  #shownUrl(hop: Hop): string {
    const text = hop.url === this.#plan.url ? this.#plan.urlText : formatGoUrl(hop.url);
    return withoutCredentials(text, hop.url);
  }

  #keepCookies(hop: Hop, answer: ParsedResponse | undefined): void {
    for (const line of answer?.head.setCookies ?? []) {
      const cookie = parseSetCookie(line);
      if (cookie !== undefined) this.#jar.set(cookie, hop.url, this.#run.clock.nowMs());
    }
  }

  #conclude(hop: Hop, end: HopEnd): ResponseData {
    this.#deadline?.[Symbol.dispose]();
    const { answer, body, error, errorCode, remote, sentCookies, timings } = end;
    if (error !== undefined && !this.#plan.throws && !this.#cancelled) {
      this.#run.log.report('warning', 'Request Failed', {
        error: `${this.#plan.method} ${this.#shownUrl(hop)}: ${error.message}`,
      });
    }
    const data = responseData(this.#plan, {
      body,
      error: error?.message ?? '',
      errorCode,
      head: answer?.head,
      remoteIp: remote.ip,
      remotePort: remote.port,
      sentCookies,
      timings,
      tls: remote.tls,
      url: answer === undefined && hop.url === this.#plan.url ? this.#plan.urlText : formatGoUrl(hop.url),
    });
    return error !== undefined && this.#plan.throws ? { ...data, thrown: true } : data;
  }

  async #exchange(
    hop: Hop,
    bytes: ReturnType<typeof serializeRequest>,
    keepAlive: boolean,
    times: ExchangeTimes,
    phases: { blockedMs: number; connectingMs: number; tlsHandshakingMs: number },
  ): Promise<{ answer: ParsedResponse; remote: Remote }> {
    const { agent } = this.#vu;
    const key = `${hop.url.scheme}://${hop.url.host}`;
    const startedMs = this.#run.clock.monotonicMs();
    let connection = keepAlive ? agent.reuse(key) : undefined;
    const reused = connection !== undefined;
    if (connection === undefined) {
      const given = endpointOf(hop.url, this.#run.options, this.#run.resolver);
      const endpoint: Endpoint = given instanceof Promise ? await this.#orTimeout(given) : given;
      if (this.#cancelled) return never();
      const dialing = agent.dial(endpoint);
      connection = dialing.connection;
      this.#connection = connection;
      await this.#orTimeout(dialing.opened);
      phases.connectingMs = connection.connectingMs;
      phases.tlsHandshakingMs = connection.tlsHandshakingMs;
    }
    this.#connection = connection;
    phases.blockedMs += this.#run.clock.monotonicMs() - startedMs;
    try {
      const answer = await this.#orTimeout(connection.exchange(bytes, hop.method === 'HEAD', times));
      const remote = { ip: connection.remoteAddress, port: connection.remotePort, tls: connection.tls };
      agent.release(key, connection, keepAlive);
      this.#connection = undefined;
      return { answer, remote };
    } catch (error) {
      const again = reused && this.#expired === undefined && times.firstByteMs === 0 && isReplayable(hop);
      if (!again) throw error;
      Object.assign(times, { endedMs: 0, sendStartedMs: 0, sentMs: 0 });
      return this.#exchange(hop, bytes, keepAlive, times, phases);
    }
  }

  #orTimeout<Value>(work: Promise<Value>): Promise<Value> {
    if (this.#expired !== undefined) return Promise.reject(this.#expired);
    return new Promise((resolve, reject) => {
      this.#expire = reject;
      work.then(resolve, reject);
    });
  }
}

/** Of a request cancelled before it had a connection to drop. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** To be asked for credentials is what the first of the two requests is for. */
function challengeExpected(expected: RequestPlan['expected']): RequestPlan['expected'] {
  return expected === null ? null : [[401, 401]];
}

function isReplayable({ headers, method }: Hop): boolean {
  return replayable.has(method) || headers.has('Idempotency-Key') || headers.has('X-Idempotency-Key');
}
