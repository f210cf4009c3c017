/** Thrown for bytes that are no well-formed BSON, or a value that BSON cannot hold; `offset` counts bytes from the start. */
export class InvalidBsonError extends Error {
  readonly offset: number;

  constructor(message: string, offset = 0) {
    super(message);
    this.name = 'InvalidBsonError';
    this.offset = offset;
  }
}
