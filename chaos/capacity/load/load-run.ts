/** What both kinds of load share: the clock of the job, the count of requests under way, when to stop, and the proof. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Clock } from '../../clock.ts';
import type { GeneratorProof, LoadJob, LoadResult } from './job.ts';
import { Recorder } from './recorder.ts';

const sampleMs = 5;
const delayResolutionMs = 5;
/** Between two checks whether enough was steady. */
const checkEveryMs = 250;

export class LoadRun {
  readonly #job: LoadJob;
  readonly #clock: Clock;
  readonly #recorder = new Recorder();
  readonly #startedMs: number;
  readonly #originMs: number;
  readonly #delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  readonly #loop = performance.eventLoopUtilization();
  readonly #cpu = process.threadCpuUsage();
  readonly #inFlight: [number, number][] = [];
  readonly #stopSampling = new AbortController();
  /** Requests that were sent and not yet answered. */
  underWay = 0;
  #sendingMs: number | null = null;
  #checkMs: number;
  #proof: GeneratorProof | null = null;

  constructor(job: LoadJob, clock: Clock) {
    this.#job = job;
    this.#clock = clock;
    this.#startedMs = clock.nowMs();
    this.#originMs = clock.monotonicMs();
    this.#checkMs = job.durationMsMin;
    this.#delay.enable();
    void this.#sampleInFlight();
  }

  elapsedMs(): number {
    return this.#clock.monotonicMs() - this.#originMs;
  }

  /** A request ended now. */
  record(intendedMs: number, startedMs: number, status: number): void {
    this.#recorder.add(intendedMs, startedMs, this.elapsedMs(), status);
  }

  sendingOver(): boolean {
    const nowMs = this.elapsedMs();
    if (nowMs >= this.#job.durationMsMax) return true;
    if (nowMs < this.#checkMs) return false;
    this.#checkMs = nowMs + checkEveryMs;
    return this.#recorder.settled(nowMs, this.#job.load.kind === 'open');
  }

  /** The proof covers the time until here. */
  stopSending(): void {
    this.#sendingMs = this.elapsedMs();
    this.#stopSampling.abort();
    this.#delay.disable();
    const { user, system } = process.threadCpuUsage(this.#cpu);
    this.#proof = {
      cpuShare: (user + system) / 1_000 / this.#sendingMs,
      loopShare: performance.eventLoopUtilization(this.#loop).utilization,
      loopDelayMsP99: Math.max(0, this.#delay.percentile(99) / 1e6 - delayResolutionMs),
    };
  }

  /** Throws Error unless `stopSending` was called before. */
  result(): LoadResult {
    if (this.#sendingMs === null || this.#proof === null) throw new Error('the job is still sending');
    return {
      startedMs: this.#startedMs,
      sendingMs: this.#sendingMs,
      samples: this.#recorder.samples(),
      inFlight: this.#inFlight,
      proof: this.#proof,
    };
  }

  async #sampleInFlight(): Promise<void> {
    while (!this.#stopSampling.signal.aborted) {
      this.#inFlight.push([this.elapsedMs(), this.underWay]);
      await this.#clock.sleep(sampleMs, this.#stopSampling.signal).catch(() => undefined);
    }
  }
}
