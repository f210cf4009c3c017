/** What makes the live page live: each state that is told replaces the figures, and the charts are only drawn anew when they are others. */
import { cellCharts, drawCell } from './cell-charts.js';
import { destroyCharts, moveTo, resizeCharts } from './charts.js';

const place = document.getElementById('charts');
let drawn = null;
let last = null;
/** Shared with the charts, which shade what is in it. */
const faults = [];

/** Which charts and lines there are; while they are the same, only their figures change. */
function shapeOf(data) {
  return JSON.stringify([data.gauges.map(({ name }) => name), data.errors.map(({ kind }) => kind)]);
}

function spanOf({ second, gauges }) {
  const times = [...second, ...gauges.flatMap(({ time }) => time)];
  const [from, to] = [Math.min(...times, 0), Math.max(...times, 0)];
  return [to - from > 300 ? to - 300 : from, Math.max(to, from + 30)];
}

function draw() {
  if (drawn !== null) destroyCharts(drawn.charts);
  drawn = { shape: shapeOf(last), charts: drawCell(place, { ...last, faults }, 'live') };
  moveTo(drawn.charts, cellCharts(last), spanOf(last));
}

function show(data) {
  last = data;
  const hadFaults = faults.length > 0;
  faults.splice(0, faults.length, ...data.faults);
  if (data.second.length === 0) return;
  // The first fault makes room for its name.
  if (drawn === null || drawn.shape !== shapeOf(data) || hadFaults !== faults.length > 0) draw();
  else moveTo(drawn.charts, cellCharts(data), spanOf(data));
}

function fill(list, items) {
  list.replaceChildren(...items);
}

function element(name, text, className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

function factElement({ name, value }) {
  const fact = document.createElement('div');
  fact.append(element('dt', name), element('dd', value));
  return fact;
}

function faultElement({ fault, inForce, text }) {
  const item = document.createElement('li');
  const sign = inForce ? '! in force' : '✓ healed';
  item.append(element('span', sign, `badge ${inForce ? 'violated' : 'held'}`), ' ');
  item.append(element('strong', fault), ` ${text}`);
  return item;
}

const events = new EventSource('events');
events.addEventListener('state', ({ data }) => {
  const state = JSON.parse(data);
  document.title = `${state.title} · Redcliff, live`;
  document.getElementById('title').textContent = state.title;
  document.getElementById('stage').textContent = state.stage;
  fill(document.getElementById('facts'), state.facts.map(factElement));
  const told = state.faults.length === 0 ? [element('li', 'None so far.')] : state.faults.map(faultElement);
  fill(document.getElementById('faults'), told);
  show(state.data);
});
events.addEventListener('ended', () => {
  events.close();
  document.getElementById('stage').textContent = 'Ended: these are the last figures.';
});
events.addEventListener('error', () => {
  document.getElementById('stage').textContent = 'The connection is lost: trying again.';
});

new ResizeObserver(() => {
  if (drawn !== null) resizeCharts(drawn.charts);
}).observe(document.querySelector('main'));

// Canvases keep the colours they were drawn with.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  if (drawn !== null) draw();
});
