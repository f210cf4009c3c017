/** What a command needs of the process it runs in. */
export interface CommandHost {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly isStdOutTTY: boolean;
  readonly isStdErrTTY: boolean;
  readStdin(): string;
  onSignal(callback: (signal: string) => void): void;
  onUnhandledRejection(callback: (reason: unknown, promise: object) => void): void;
  exitNow(code: number): void;
}
