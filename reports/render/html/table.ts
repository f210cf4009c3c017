/** A table that scrolls by itself, by keyboard too, where the page is too narrow for it. */
import { html, type Content, Markup } from './markup.ts';

export interface TableParts {
  /** Its name for whoever does not see it, or the id of the heading that names it. */
  readonly name: string | { readonly headingId: string };
  /** Classes of the table. */
  readonly kind: string;
  /** The fields of the head: plain ones become its columns. */
  readonly columns: readonly (string | Markup)[];
  readonly rows: Content;
}

export function scrollTable({ name, kind, columns, rows }: TableParts): Markup {
  const heads = columns.map((column) =>
    column instanceof Markup ? column : html`<th scope="col">${column}</th>`,
  );
  return scrollArea(
    name,
    html`<table class="${kind}">
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`,
  );
}

export function scrollArea(name: TableParts['name'], content: Markup): Markup {
  const named =
    typeof name === 'string' ? html`aria-label="${name}"` : html`aria-labelledby="${name.headingId}"`;
  return html`<div class="scroll" tabindex="0" role="region" ${named}>${content}</div>`;
}
