/**
 * Something that is needed is not available here. It carries the remedy, because the reader has just cloned the
 * repository and knows nothing of its insides.
 */
export class SetUpError extends Error {
  /**
   * @param {string} message what is missing
   * @param {string} remedy what the reader can do about it
   */
  constructor(message, remedy) {
    super(message);
    this.name = 'SetUpError';
    this.code = 'set_up_failed';
    this.exitStatus = 69;
    this.remedy = remedy;
  }
}
