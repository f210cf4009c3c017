/** In this variable a worker of Vitest finds the id of the run of the tests. The worker itself does not carry the run's mark: it is Vitest's. */
export const testRunVariable = 'REDCLIFF_TEST_RUN';
