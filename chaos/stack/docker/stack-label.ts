/** Every container and network of the harness bears it, with an identifier of its stack or of what else it was made for. */
export const stackLabel = 'redcliff.stack';
