/** Work that a fault repeats from the moment it is applied until it is healed. */

export interface Repeated {
  /** Ends the work and waits for its end; never rejects. */
  stop(): Promise<void>;
  /** What made it fail, or null while it goes on. */
  failure(): unknown;
}

/** Calls `round` again and again; `signal` ends it as well. A round learns of the end by the signal it is given. */
export function repeatUntilHealed(
  signal: AbortSignal,
  round: (stopping: AbortSignal) => Promise<void>,
): Repeated {
  const healed = new AbortController();
  const stopping = AbortSignal.any([signal, healed.signal]);
  let failure: unknown = null;
  const work = (async () => {
    while (!stopping.aborted) {
      try {
        await round(stopping);
      } catch (error) {
        if (!stopping.aborted) failure = error;
        return;
      }
    }
  })();
  return {
    failure: () => failure,
    stop: async () => {
      healed.abort();
      await work;
    },
  };
}
