/** One toxic on one stage, with a manual clock in front and a recorder behind. */
import { seededRandom } from '../../../random.ts';
import type { Sink } from '../proxy/sink.ts';
import { Stage } from '../proxy/stage.ts';
import { noTotals, type Toxic } from '../proxy/toxic.ts';
import { findToxicKind } from '../toxics/registry.ts';
import type { Chunk } from '../toxics/toxic.ts';
import { ManualClock } from './manual-clock.ts';

export interface Output {
  readonly text: string;
  readonly atMs: number;
}

export interface ToxicBench {
  readonly clock: ManualClock;
  readonly stage: Stage;
  readonly toxic: Toxic;
  readonly outputs: Output[];
  /** When the output ended; undefined while it is open. */
  endedAtMs(): number | undefined;
  send(text: string): void;
  /** Stops and resumes taking output, as a slow socket does. */
  block(blocked: boolean): void;
}

export interface ToxicBenchOptions {
  readonly toxicity?: number;
  readonly seed?: string | number;
}

export function runToxic(
  type: string,
  attributes: Readonly<Record<string, number>>,
  { toxicity = 1, seed = 1 }: ToxicBenchOptions = {},
): ToxicBench {
  const kind = findToxicKind(type);
  if (kind === undefined) throw new Error(`no toxic ${type}`);
  const clock = new ManualClock();
  const outputs: Output[] = [];
  let endedAtMs: number | undefined;
  const output: Sink & { ready: boolean } = {
    ready: true,
    onReady: () => {},
    push: (chunk: Chunk) => outputs.push({ text: chunk.data.toString('latin1'), atMs: clock.monotonicMs() }),
    end: () => {
      endedAtMs ??= clock.monotonicMs();
    },
  };
  const toxic: Toxic = {
    name: 't',
    kind,
    direction: 'downstream',
    stream: 'downstream',
    toxicity,
    attributes: new Map(Object.entries(attributes)),
    totals: noTotals(),
  };
  const stage = new Stage(toxic, { clock, random: seededRandom(seed), output });
  output.onReady = () => stage.pump();
  return {
    clock,
    stage,
    toxic,
    outputs,
    endedAtMs: () => endedAtMs,
    send: (text) => stage.push({ data: Buffer.from(text, 'latin1'), receivedAtMs: clock.monotonicMs() }),
    block: (blocked) => {
      output.ready = !blocked;
      if (!blocked) output.onReady();
    },
  };
}
