/** The page that shows a run, or a system that is kept up, while it goes on: the charts of a report, fed by server-sent events. */
import { type Page, pageAssets } from './html/assets.ts';
import { html } from './html/markup.ts';

const livePage: Page = { name: 'live', script: 'live-page.js', styles: [] };

/** Its events are asked for at `events`, beside it. */
export function renderLivePage(): string {
  const { style, script } = pageAssets(livePage);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>Redcliff, live</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header>
          <p class="brand">Redcliff <span>live</span></p>
          <h1 id="title">Waiting for the first figures</h1>
          <p id="stage" role="status"></p>
          <dl class="summary" id="facts"></dl>
        </header>
        <main>
          <section aria-labelledby="faults-title">
            <h2 id="faults-title">Faults</h2>
            <ul id="faults"></ul>
          </section>
          <section aria-labelledby="charts-title">
            <h2 id="charts-title">Over time</h2>
            <div class="charts" id="charts"></div>
            <p class="legend">
              The last five minutes, once a second. Latency counts from the intended start. Shaded: a fault is
              or was active. A click on a name in the legend hides its line.
            </p>
          </section>
          <noscript><p class="callout unknown">This page needs JavaScript.</p></noscript>
        </main>
        <script>
          ${script};
        </script>
      </body>
    </html>`;
  return `${page.text}\n`;
}
