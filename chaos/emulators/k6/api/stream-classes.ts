/** The stream classes of Node that the ones of a script extend. */
export interface StreamClasses {
  readonly CountQueuingStrategy: StreamClass;
  readonly ReadableStream: StreamClass;
  readonly ReadableStreamDefaultReader: StreamClass;
  readonly WritableStream: StreamClass;
  readonly WritableStreamDefaultWriter: StreamClass;
}

/** A class takes what the standard says. */
export type StreamClass = new (...args: unknown[]) => object;
