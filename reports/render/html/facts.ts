/** Names and their values, side by side: `summary` at the head of a page, `facts` in its sections. */
import { html, type Content, type Markup } from './markup.ts';

export function factList(
  kind: 'facts' | 'summary',
  facts: readonly (readonly [name: string, value: Content])[],
): Markup {
  return html`<dl class="${kind}">
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
