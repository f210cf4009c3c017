/** The page that shows a run, or a system that is kept up, while it goes on: the charts of a report, fed by server-sent events. */
import { chartPage } from './html/assets.ts';
import { renderDocument } from './html/document.ts';
import { html } from './html/markup.ts';

const livePage = chartPage('live', ['live-page.js']);

/** Its events are asked for at `events`, beside it. */
export function renderLivePage(): string {
  return renderDocument({
    page: livePage,
    title: 'Redcliff, live',
    kind: 'live',
    header: html`<h1 id="title">Waiting for the first figures</h1>
      <p id="stage" role="status"></p>
      <dl class="summary" id="facts"></dl>`,
    main: html`<section aria-labelledby="faults-title">
        <h2 id="faults-title">Faults</h2>
        <ul id="faults"></ul>
      </section>
      <section aria-labelledby="charts-title">
        <h2 id="charts-title">Over time</h2>
        <div class="charts" id="charts"></div>
        <p class="legend">
          The last five minutes, once a second. Latency counts from the intended start. Shaded: a fault is or
          was active. A click on a name in the legend hides its line.
        </p>
      </section>
      <noscript><p class="callout unknown">This page needs JavaScript.</p></noscript>`,
  });
}
