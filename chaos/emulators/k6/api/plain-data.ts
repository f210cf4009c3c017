/** The values that requests and sockets share in what crosses between a script and the run. */
export type Tags = Readonly<Record<string, string>>;

/** Text as it is, or bytes. */
export type Body = ArrayBuffer | string;

/** Something of the run that a script holds without seeing into it. */
export interface Handle {
  readonly handle: true;
}
