/**
 * One fact about k6: a script, how it is called, and what comes of it. Facts were observed on k6 2.2.0. The suite
 * holds the built-in runtime to them always, and a real k6 where there is one.
 */
export interface CompatCase {
  readonly name: string;
  readonly script: string;
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Files beside the script, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly exitCode: number;
  /** The lines that the script printed. */
  readonly console?: readonly string[];
  /** Text that the log has somewhere, whatever the wording around it. */
  readonly logs?: readonly string[];
  /** Signals sent when the script has printed `ready`. */
  readonly signals?: readonly ('SIGINT' | 'SIGTERM')[];
  /** Where the built-in runtime differs on purpose: what comes of it there. */
  readonly builtin?: { readonly exitCode: number; readonly why: string };
}

/** `SERVER` in a script stands for the address of the test server, `REFUSED` for one where nobody listens. */
export const placeholders = { refused: 'REFUSED', server: 'SERVER' } as const;
