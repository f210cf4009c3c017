/** Every operation of a cell as a point: time across, latency up (logarithmic), colour by fate, shape by kind. Hundreds of thousands are drawn at once. */
import { colour, shortTime } from './chart-style.js';

const margin = { left: 56, right: 12, top: 22, bottom: 24 };
const canvasHeight = 260;
const fates = ['ok', 'fail', 'info'];
const smallFrom = 20_000;

export function drawOperationPlot(figure, plot, faults) {
  const canvas = figure.querySelector('canvas');
  const told = figure.querySelector('[data-plot-told]');
  const kindChoice = figure.querySelector('[data-plot-kind]');
  kindChoice.append(...plot.kinds.map((kind, index) => new Option(kind, String(index))));
  const points = unpack(plot);
  const full = { from: plot.from, to: plot.to };
  let view = { ...full };
  let chosen = -1;
  let frame = 0;

  /** Reads the page once, and not for each point. */
  const kindFilter = () => {
    const wanted = kindChoice.value === '' ? null : Number(kindChoice.value);
    return (index) => wanted === null || points.kind[index] === wanted;
  };
  const sizes = () => ({
    width: Math.max(240, figure.clientWidth),
    plotWidth: Math.max(240, figure.clientWidth) - margin.left - margin.right,
    plotHeight: canvasHeight - margin.top - margin.bottom,
  });
  const placing = ({ plotWidth, plotHeight }) => {
    const scale = plotWidth / (view.to - view.from);
    return {
      xOf: (index) => margin.left + (points.time[index] - view.from) * scale,
      yOf: (index) => margin.top + (1 - points.level[index] / points.top) * plotHeight,
    };
  };

  const draw = () => {
    frame = 0;
    const { width, plotWidth, plotHeight } = sizes();
    const { xOf, yOf } = placing({ plotWidth, plotHeight });
    const isShown = kindFilter();
    const ratio = window.devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = canvasHeight * ratio;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${canvasHeight}px`;
    const context = canvas.getContext('2d');
    context.scale(ratio, ratio);
    context.font = '12px system-ui, sans-serif';
    drawFrame(context, { plot, points, view, faults, plotWidth, plotHeight });
    const colours = { ok: colour('chart-ok'), fail: colour('chart-fail'), info: colour('chart-info') };
    const small = plot.count > smallFrom;
    // By fate, so that what failed lies above what went well.
    for (const [number, fate] of fates.entries()) {
      context.fillStyle = colours[fate];
      for (let index = 0; index < plot.count; index += 1) {
        const time = points.time[index];
        if (points.fate[index] !== number || time < view.from || time > view.to || !isShown(index)) continue;
        const x = xOf(index);
        const y = yOf(index);
        if (small) context.fillRect(x, y, 2, 2);
        else drawShape(context, x, y, points.kind[index]);
      }
    }
    if (chosen >= 0) {
      context.strokeStyle = colour('ink');
      context.lineWidth = 2;
      context.strokeRect(xOf(chosen) - 6, yOf(chosen) - 6, 12, 12);
    }
  };
  const later = () => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  const choose = (index) => {
    if (index < 0 || index >= plot.count) return;
    chosen = index;
    const span = view.to - view.from;
    if (points.time[index] < view.from || points.time[index] > view.to) {
      view = { from: points.time[index] - span / 2, to: points.time[index] + span / 2 };
    }
    told.textContent = `${fates[points.fate[index]]}: ${plot.kinds[points.kind[index]]}, ended at ${points.time[index].toFixed(3)} s, took ${shortTime(latencyAt(plot, points.level[index]))}`;
    figure.dispatchEvent(
      new CustomEvent('operation', {
        bubbles: true,
        detail: { time: points.time[index], kind: plot.kinds[points.kind[index]] },
      }),
    );
    later();
  };
  const zoomBy = (factor, middle = (view.from + view.to) / 2) => {
    const from = Math.max(full.from, middle - (middle - view.from) * factor);
    const to = Math.min(full.to, middle + (view.to - middle) * factor);
    if (to - from > 0.002) view = { from, to };
    later();
  };
  const nearest = (x, y) => {
    const { xOf, yOf } = placing(sizes());
    const isShown = kindFilter();
    let best = -1;
    let bestDistance = 400;
    for (let index = 0; index < plot.count; index += 1) {
      if (!isShown(index)) continue;
      const distance = (xOf(index) - x) ** 2 + (yOf(index) - y) ** 2;
      if (distance < bestDistance) [best, bestDistance] = [index, distance];
    }
    return best;
  };
  canvas.addEventListener('click', (event) => choose(nearest(event.offsetX, event.offsetY)));
  canvas.addEventListener('dblclick', () => {
    view = { ...full };
    later();
  });
  canvas.addEventListener('wheel', (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const share = (event.offsetX - margin.left) / sizes().plotWidth;
    zoomBy(event.deltaY > 0 ? 1.25 : 0.8, view.from + share * (view.to - view.from));
  });
  canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined) {
      const isShown = kindFilter();
      let next = chosen + step;
      while (next >= 0 && next < plot.count && !isShown(next)) next += step;
      choose(next);
    } else if (event.key === '+' || event.key === '-') {
      zoomBy(event.key === '+' ? 0.5 : 2, chosen < 0 ? undefined : points.time[chosen]);
    } else if (event.key === '0') {
      view = { ...full };
      later();
    } else return;
    event.preventDefault();
  });
  kindChoice.addEventListener('input', later);
  draw();
  return { redraw: later };
}

function unpack(plot) {
  const bytes = Uint8Array.from(atob(plot.points), (sign) => sign.charCodeAt(0));
  const { count } = plot;
  const wide = new DataView(bytes.buffer);
  const time = new Float64Array(count);
  const level = new Float64Array(count);
  const kind = new Uint8Array(count);
  const fate = new Uint8Array(count);
  let top = 0;
  for (let index = 0; index < count; index += 1) {
    time[index] = plot.from + (wide.getUint16(index * 2, true) / 65_535) * (plot.to - plot.from);
    level[index] = (wide.getUint16((count + index) * 2, true) / 65_535) * plot.decades;
    kind[index] = bytes[count * 4 + index] >> 2;
    fate[index] = bytes[count * 4 + index] & 3;
    if (level[index] > top) top = level[index];
  }
  return { time, level, kind, fate, top: Math.max(1, Math.ceil(top)) };
}

function latencyAt(plot, level) {
  return plot.latencyLowMs * 10 ** level;
}

function drawFrame(context, { plot, points, view, faults, plotWidth, plotHeight }) {
  const xAt = (time) =>
    margin.left + Math.min(1, Math.max(0, (time - view.from) / (view.to - view.from))) * plotWidth;
  for (const { name, from, to } of faults) {
    if (to < view.from || from > view.to) continue;
    context.fillStyle = colour('fault-wash');
    context.fillRect(xAt(from), margin.top, Math.max(1, xAt(to) - xAt(from)), plotHeight);
    context.fillStyle = colour('fault-ink');
    context.fillText(name, xAt(from), margin.top - 6);
  }
  context.strokeStyle = colour('chart-grid');
  context.lineWidth = 1;
  context.fillStyle = colour('soft');
  for (let level = 0; level <= points.top; level += 1) {
    const y = margin.top + (1 - level / points.top) * plotHeight;
    context.beginPath();
    context.moveTo(margin.left, y);
    context.lineTo(margin.left + plotWidth, y);
    context.stroke();
    context.fillText(shortTime(latencyAt(plot, level)), 4, y + 4);
  }
  const steps = Math.max(2, Math.floor(plotWidth / 110));
  for (let step = 0; step < steps; step += 1) {
    const time = view.from + (step / steps) * (view.to - view.from);
    context.fillText(`${time.toFixed(view.to - view.from < 5 ? 2 : 1)} s`, xAt(time), canvasHeight - 6);
  }
}

/** Square, circle, triangle, diamond and cross, then again. */
function drawShape(context, x, y, kind) {
  context.beginPath();
  switch (kind % 5) {
    case 0:
      context.rect(x - 2.5, y - 2.5, 5, 5);
      break;
    case 1:
      context.arc(x, y, 3, 0, 2 * Math.PI);
      break;
    case 2:
      context.moveTo(x, y - 3.5);
      context.lineTo(x + 3.5, y + 3);
      context.lineTo(x - 3.5, y + 3);
      break;
    case 3:
      context.moveTo(x, y - 4);
      context.lineTo(x + 4, y);
      context.lineTo(x, y + 4);
      context.lineTo(x - 4, y);
      break;
    default:
      context.rect(x - 4, y - 1, 8, 2);
      context.rect(x - 1, y - 4, 2, 8);
  }
  context.fill();
}
