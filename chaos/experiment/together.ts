/** Runs tasks at once; the first failure, or the outer signal, ends all of them, and nothing is left behind when it settles. */

/** Rejects with the first failure, after every task has settled. */
export async function togetherOrNotAtAll<A, B>(
  outer: AbortSignal,
  start: (signal: AbortSignal) => readonly [Promise<A>, Promise<B>],
): Promise<[A, B]> {
  const failure = new AbortController();
  const tasks = start(AbortSignal.any([outer, failure.signal]));
  for (const task of tasks) task.catch((error: unknown) => failure.abort(error));
  await Promise.allSettled(tasks);
  if (failure.signal.aborted) throw outer.aborted ? outer.reason : failure.signal.reason;
  return Promise.all(tasks);
}
