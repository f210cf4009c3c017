/** The frame that every page of ours has: one file that needs neither network nor server, in light and dark, wide and narrow. */
import { type Page, pageAssets } from './assets.ts';
import { embeddedJson, html, type Content } from './markup.ts';

export interface DocumentParts {
  readonly page: Page;
  readonly title: string;
  /** What it is, beside the name of the project. */
  readonly kind: string;
  /** Below the name. */
  readonly header: Content;
  readonly main: Content;
  /** What the script reads, and the id of the element in which it stands. */
  readonly data?: { readonly id: string; readonly value: unknown };
}

/** Ends with a line feed. */
export function renderDocument({ page, title, kind, header, main, data }: DocumentParts): string {
  const { style, script } = pageAssets(page);
  const whole = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header>
          <p class="brand">Redcliff <span>${kind}</span></p>
          ${header}
        </header>
        <main>${main}</main>
        ${
          data === undefined
            ? null
            : html`<script type="application/json" id="${data.id}">
                ${embeddedJson(data.value)}
              </script>`
        }
        <script>
          ${script};
        </script>
      </body>
    </html>`;
  return `${whole.text}\n`;
}
