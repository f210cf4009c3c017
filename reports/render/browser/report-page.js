/** What makes the page answer: charts drawn when a cell is opened, links that open their cell, zoom, and copying. */
import { drawCell } from './cell-charts.js';
import { destroyCharts, resizeCharts, zoomTo } from './charts.js';
import { openTarget } from './open-target.js';
import { drawOperationPlot } from './operation-plot.js';
import { drawStory } from './story.js';

const allData = JSON.parse(document.getElementById('chart-data').textContent);
const drawn = new Map();

function draw(cell) {
  const place = cell.querySelector('[data-charts]');
  const data = allData[Number(cell.dataset.cell)];
  if (place === null || data === undefined || data.second.length === 0) return;
  destroy(cell);
  drawn.set(cell, drawCell(place, data, cell.id));
}

/** Stories and plots are drawn when they can be seen for the first time, and again when the room or the colours change. */
const pictures = new Map();

function drawPictures(cell) {
  const data = allData[Number(cell.dataset.cell)];
  for (const figure of cell.querySelectorAll('[data-story], [data-plot]')) {
    if (figure.offsetParent === null) continue;
    const known = pictures.get(figure);
    if (known !== undefined) known.redraw();
    else if ('plot' in figure.dataset)
      pictures.set(figure, drawOperationPlot(figure, data.plot, data.faults));
    else pictures.set(figure, drawStory(figure, data.stories[Number(figure.dataset.story)]));
  }
}

function destroy(cell) {
  const charts = drawn.get(cell);
  if (charts !== undefined) destroyCharts(charts);
  drawn.delete(cell);
}

for (const cell of document.querySelectorAll('.cell')) {
  if (cell.open) draw(cell);
  if (cell.open) drawPictures(cell);
  cell.addEventListener('toggle', () => {
    if (cell.open && !drawn.has(cell)) draw(cell);
    if (cell.open) drawPictures(cell);
  });
  for (const witness of cell.querySelectorAll('.witness')) {
    witness.addEventListener('toggle', () => drawPictures(cell));
  }
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
  for (const picture of pictures.values()) picture.redraw();
}).observe(document.querySelector('main'));

// Canvases keep the colours they were drawn with.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  // Drawing again changes the map that is gone through.
  Array.from(drawn.keys()).forEach(draw);
  for (const picture of pictures.values()) picture.redraw();
});

const search = document.querySelector('[data-matrix-search]');
const onlyFailed = document.querySelector('[data-matrix-failed]');

/** Rows of the matrix and cells below it, by what is typed and ticked. */
function filterCells() {
  const wanted = search.value.trim().toLowerCase();
  const shows = (element, name) => {
    const named = name.toLowerCase().includes(wanted);
    const failed = element.querySelector('.violated, .unknown, .harness-failed, .worse') !== null;
    element.hidden = !named || (onlyFailed.checked && !failed);
  };
  for (const row of document.querySelectorAll('[data-matrix-row]')) {
    const names = [...row.querySelectorAll('a.field')].map((link) => link.getAttribute('aria-label'));
    shows(row, `${row.dataset.matrixRow} ${names.join(' ')}`);
  }
  for (const cell of document.querySelectorAll('.cell')) shows(cell.querySelector('summary'), cell.id);
  for (const cell of document.querySelectorAll('.cell')) cell.hidden = cell.querySelector('summary').hidden;
}
search?.addEventListener('input', filterCells);
onlyFailed?.addEventListener('input', filterCells);

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
