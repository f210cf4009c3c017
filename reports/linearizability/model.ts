/** What linearizability is checked against: an object that does one thing at a time, and calls on it with their times. */

/** One call on the object. A call of unknown end has `endedMs` infinite: it may take effect at any later time, or never. */
export interface Call<Action> {
  readonly action: Action;
  readonly startedMs: number;
  readonly endedMs: number;
  /** The operation it stands for, given back in a witness. */
  readonly source: unknown;
}

export interface Model<State, Action> {
  readonly initial: State;
  /** The state after the action, or null when the object can not have answered so in this state. */
  step(state: State, action: Action): { readonly state: State } | null;
  /** True for an action that leaves every state as it is in which it is possible. */
  isRead(action: Action): boolean;
  /** A text that two states share only when they are equal. */
  stateKey(state: State): string;
}
