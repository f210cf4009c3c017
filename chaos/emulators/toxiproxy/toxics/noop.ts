/** Does nothing. It stands in for a toxic on the connections that its toxicity spares. */
import { defineToxic } from './toxic.ts';

export const noop = defineToxic({
  type: 'noop',
  attributes: {},
  attach: (stage) => () => ({
    chunk: (chunk) => {
      stage.emit(chunk);
      stage.next();
    },
    end: () => stage.close(),
  }),
});
