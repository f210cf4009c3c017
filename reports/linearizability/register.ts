/** A register: a read shows the last value written. Null is the value before any write. */
import type { Call, Model } from './model.ts';

export type RegisterValue = string | number | null;

export type RegisterAction =
  | { readonly kind: 'read'; readonly value: RegisterValue }
  | { readonly kind: 'write'; readonly value: RegisterValue };

export function registerModel(initial: RegisterValue = null): Model<RegisterValue, RegisterAction> {
  return {
    initial,
    step: (state, { kind, value }) => {
      if (kind === 'write') return { state: value };
      return state === value ? { state } : null;
    },
    isRead: ({ kind }) => kind === 'read',
    stateKey: (state) => JSON.stringify(state),
  };
}

/** Without the writes of unknown end that no read shows: they need not have taken effect, and only make a search long. */
export function relevantCalls(calls: readonly Call<RegisterAction>[]): Call<RegisterAction>[] {
  const shown = new Set(
    calls.filter(({ action }) => action.kind === 'read').map(({ action }) => action.value),
  );
  return calls.filter(({ action, endedMs }) => Number.isFinite(endedMs) || shown.has(action.value));
}
