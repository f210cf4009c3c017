/** Alerts go to the log, and to a Slack webhook if there is one. A webhook that fails must never keep a repair from being done. */
import { describeError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';

export interface Alerts {
  /** Never throws. */
  send(text: string): Promise<void>;
}

const webhookTimeoutMs = 3_000;

export function createAlerts(logger: Logger, webhookUrl: string | undefined): Alerts {
  return {
    send: async (text) => {
      logger.error({ alert: text }, 'alert');
      if (webhookUrl === undefined) return;
      try {
        const response = await fetch(webhookUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ text }),
          signal: AbortSignal.timeout(webhookTimeoutMs),
        });
        if (!response.ok) logger.warn({ status: response.status }, 'the webhook refused an alert');
      } catch (error) {
        logger.warn({ error: describeError(error) }, 'the webhook could not be reached');
      }
    },
  };
}
