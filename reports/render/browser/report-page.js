/** What makes the page answer: charts drawn when a cell is opened, links that open their cell, zoom, and copying. */
import { drawCell } from './cell-charts.js';
import { destroyCharts, resizeCharts, zoomTo } from './charts.js';
import { openTarget } from './open-target.js';

const allData = JSON.parse(document.getElementById('chart-data').textContent);
const drawn = new Map();

function draw(cell) {
  const place = cell.querySelector('[data-charts]');
  const data = allData[Number(cell.dataset.cell)];
  if (place === null || data === undefined || data.second.length === 0) return;
  destroy(cell);
  drawn.set(cell, drawCell(place, data, cell.id));
}

function destroy(cell) {
  const charts = drawn.get(cell);
  if (charts !== undefined) destroyCharts(charts);
  drawn.delete(cell);
}

for (const cell of document.querySelectorAll('.cell')) {
  if (cell.open) draw(cell);
  cell.addEventListener('toggle', () => {
    if (cell.open && !drawn.has(cell)) draw(cell);
  });
  cell.addEventListener('click', (event) => {
    const button = event.target.closest('[data-zoom]');
    const charts = drawn.get(cell);
    if (button === null || charts === undefined) return;
    const data = allData[Number(cell.dataset.cell)];
    zoomTo(
      charts,
      data.phases.find(({ name }) => name === button.dataset.zoom),
    );
    for (const other of cell.querySelectorAll('[data-zoom]')) other.ariaPressed = String(other === button);
  });
}

window.addEventListener('hashchange', openTarget);
for (const link of document.querySelectorAll('a.field')) {
  link.addEventListener('click', () => {
    // The same link again changes no hash.
    if (link.hash === location.hash) openTarget();
  });
}
openTarget();

new ResizeObserver(() => {
  for (const charts of drawn.values()) resizeCharts(charts);
}).observe(document.querySelector('main'));

// Canvases keep the colours they were drawn with.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  // Drawing again changes the map that is gone through.
  Array.from(drawn.keys()).forEach(draw);
});

for (const timeline of document.querySelectorAll('[data-timeline]')) {
  const zoom = timeline.querySelector('[data-timeline-zoom]');
  const inner = timeline.querySelector('[data-timeline-inner]');
  zoom.addEventListener('input', () => {
    const lanes = inner.parentElement;
    const middle = (lanes.scrollLeft + lanes.clientWidth / 2) / inner.scrollWidth;
    inner.style.width = `${Number(zoom.value) * 100}%`;
    lanes.scrollLeft = middle * inner.scrollWidth - lanes.clientWidth / 2;
  });
}

for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = 'Copied';
    } catch {
      // A page opened from a file may not have the clipboard: select the text instead.
      getSelection().selectAllChildren(button.previousElementSibling);
      button.textContent = 'Selected';
    }
  });
}
