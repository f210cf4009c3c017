/** Label of every container and network of the harness; its value identifies the stack, or the purpose. */
export const stackLabel = 'redcliff.stack';
