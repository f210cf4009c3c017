/** An object some of whose calls do something else: how a defect stands between a right module and what that works with. */

/**
 * `otherwise` is asked for each call of a method: what it gives is the result, and where it gives undefined the call goes on as it is.
 */
export function callsOtherwise<T extends object>(
  target: T,
  otherwise: (name: string | symbol, args: readonly unknown[]) => unknown,
): T {
  return new Proxy(target, {
    get: (_, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => otherwise(name, args) ?? member.apply(target, args);
    },
  });
}
