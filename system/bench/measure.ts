/** Runs alternatives side by side, in alternating rounds, so that other load on the machine affects all of them equally. */
export interface Contender {
  readonly name: string;
  /** One operation. */
  readonly run: () => Promise<unknown>;
}

export interface Measured {
  readonly name: string;
  /** Operations a second, best round. */
  readonly rate: number;
}

const rounds = 5;

/** `clients` operations are under way at any time. */
export async function measure(
  contenders: readonly Contender[],
  options: { readonly clients: number; readonly operations: number },
): Promise<readonly Measured[]> {
  const best = new Map<string, number>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, run } of contenders) {
      const rate = await measureOnce(run, options);
      // The first round only warms up.
      if (round > 0) best.set(name, Math.max(best.get(name) ?? 0, rate));
    }
  }
  return contenders.map(({ name }) => ({ name, rate: best.get(name) ?? 0 }));
}

async function measureOnce(
  run: () => Promise<unknown>,
  { clients, operations }: { readonly clients: number; readonly operations: number },
): Promise<number> {
  let left = operations;
  const startedMs = performance.now();
  const client = async () => {
    while (left > 0) {
      left -= 1;
      await run();
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return operations / ((performance.now() - startedMs) / 1000);
}

export function print(title: string, measured: readonly Measured[]): void {
  const [first] = measured;
  for (const { name, rate } of measured) {
    const ratio = first === undefined ? 1 : rate / first.rate;
    console.log(
      `${title.padEnd(34)} ${name.padEnd(34)} ${String(Math.round(rate)).padStart(10)}/s ${ratio.toFixed(2).padStart(6)}`,
    );
  }
}
