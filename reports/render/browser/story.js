/**
 * Draws a witness as a story: lanes of clients, processes and stores over time. Stretches in which nothing happened are left out of the axis. A moment is chosen
 * by slider, pointer or arrow keys; its event is told below.
 */
const laneHeight = 26;
const rowTop = 22;
const nameWidth = 130;
const svgSpace = 'http://www.w3.org/2000/svg';
const signs = { ok: '✓', fail: '✗', info: '?' };

export function drawStory(figure, story) {
  const canvas = figure.querySelector('[data-story-lanes]');
  const moment = figure.querySelector('[data-story-moment]');
  const zoom = figure.querySelector('[data-story-zoom]');
  const filter = figure.querySelector('[data-story-filter]');
  const lane = figure.querySelector('[data-story-lane]');
  const detail = figure.querySelector('[data-story-detail]');
  lane.append(...story.lanes.map(({ name }, index) => new Option(name, String(index))));
  const first = story.events.findIndex(({ mine }) => mine);
  let shown = [];
  let chosen = null;

  const matches = (event) => {
    const wanted = filter.value.trim().toLowerCase();
    const inLane =
      lane.value === '' || event.lane === Number(lane.value) || event.store === Number(lane.value);
    if (!inLane) return false;
    const text = `${event.label} ${event.detail.map(([, value]) => value).join(' ')}`;
    return wanted === '' || text.toLowerCase().includes(wanted);
  };

  const redraw = () => {
    shown = story.events.filter(matches);
    moment.max = String(Math.max(0, shown.length - 1));
    if (!shown.includes(chosen)) chosen = shown[0] ?? null;
    moment.value = String(Math.max(0, shown.indexOf(chosen)));
    const width = Math.max(240, canvas.clientWidth - nameWidth - 16) * Number(zoom.value);
    canvas.replaceChildren(picture(story, shown, chosen, width, choose));
    tell(detail, chosen, shown);
  };
  const choose = (event) => {
    chosen = event;
    redraw();
    canvas.querySelector('.story-chosen')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };

  moment.addEventListener('input', () => choose(shown[Number(moment.value)] ?? null));
  for (const control of [zoom, filter, lane]) control.addEventListener('input', redraw);
  for (const button of figure.parentElement.querySelectorAll('[data-story-go]')) {
    const mine = story.events.filter((event) => event.mine)[Number(button.dataset.storyGo)];
    button.addEventListener('click', () => {
      filter.value = '';
      lane.value = '';
      if (mine !== undefined) choose(mine);
    });
  }
  chosen = story.events[Math.max(0, first)] ?? null;
  redraw();
  return { redraw };
}

function tell(detail, event, shown) {
  if (event === null) {
    detail.replaceChildren('Nothing matches.');
    return;
  }
  const title = document.createElement('p');
  title.className = 'strong';
  title.textContent = `${shown.indexOf(event) + 1} of ${shown.length}, ${event.from.toFixed(3)} s: ${signs[event.fate]} ${event.label}${event.mine ? ' (contradicts the others that are framed)' : ''}${event.caused ? ' (caused by a framed operation)' : ''}`;
  const list = document.createElement('dl');
  list.className = 'facts';
  for (const [name, value] of event.detail) {
    const row = document.createElement('div');
    const term = document.createElement('dt');
    const description = document.createElement('dd');
    const code = document.createElement('code');
    term.textContent = name;
    code.textContent = value;
    description.append(code);
    row.append(term, description);
    list.append(row);
  }
  detail.replaceChildren(title, list);
}

function picture(story, shown, chosen, width, choose) {
  const height = rowTop + story.lanes.length * laneHeight + 24;
  const axis = axisOf(shown, width);
  const svg = node('svg', { width: nameWidth + width + 8, height, class: 'story-picture', role: 'img' });
  svg.setAttribute(
    'aria-label',
    'Lanes of clients, processes and stores. The slider goes through the same events.',
  );
  for (const { name, from, to } of story.faults) {
    const left = nameWidth + axis.at(from);
    const right = nameWidth + axis.at(to);
    if (right - left < 1) continue;
    svg.append(
      node('rect', {
        x: left,
        y: rowTop - 4,
        width: right - left,
        height: height - rowTop - 18,
        class: 'story-fault',
      }),
    );
    svg.append(text(left + 2, 12, name, 'story-fault-name'));
  }
  story.lanes.forEach(({ name, kind }, index) => {
    const y = rowTop + index * laneHeight;
    svg.append(
      node('line', {
        x1: 0,
        x2: nameWidth + width,
        y1: y + laneHeight - 2,
        y2: y + laneHeight - 2,
        class: 'story-line',
      }),
    );
    const label = text(4, y + 16, name.length > 21 ? `${name.slice(0, 20)}…` : name, `story-name ${kind}`);
    const title = node('title', {});
    title.textContent = name;
    label.append(title);
    svg.append(label);
  });
  for (const { x, skipped } of axis.gaps) {
    svg.append(
      node('line', {
        x1: nameWidth + x,
        x2: nameWidth + x,
        y1: rowTop - 4,
        y2: height - 18,
        class: 'story-gap',
      }),
    );
    svg.append(text(nameWidth + x + 3, height - 4, `${skipped.toFixed(1)} s left out`, 'story-time'));
  }
  for (const { x, time } of axis.ticks)
    svg.append(text(nameWidth + x, height - 4, `${time.toFixed(3)} s`, 'story-time'));
  for (const event of shown) {
    const left = nameWidth + axis.at(event.from);
    const right = Math.max(left + 4, nameWidth + axis.at(event.to));
    const y = rowTop + event.lane * laneHeight;
    const group = node('g', {
      class: `story-event ${event.fate}${event.mine ? ' mine' : ''}${event.caused ? ' caused' : ''}${event === chosen ? ' story-chosen' : ''}`,
    });
    if (event.store !== undefined) {
      const storeY = rowTop + event.store * laneHeight;
      group.append(
        node('line', { x1: left, x2: left, y1: y + laneHeight - 6, y2: storeY + 4, class: 'story-call' }),
      );
      group.append(node('rect', { x: left, y: storeY + 6, width: right - left, height: 10, rx: 2 }));
    }
    group.append(
      node('rect', {
        x: left,
        y: y + (event.kind === 'operation' ? 2 : 5),
        width: right - left,
        height: event.kind === 'operation' ? 18 : 12,
        rx: 3,
      }),
    );
    if (right - left > 44)
      group.append(
        text(
          left + 4,
          y + 15,
          `${signs[event.fate]} ${event.label}`.slice(0, Math.floor((right - left) / 7)),
          'story-label',
        ),
      );
    const title = node('title', {});
    title.textContent = `${event.label}, ${event.from.toFixed(3)} s`;
    group.append(title);
    group.addEventListener('click', () => choose(event));
    svg.append(group);
  }
  if (chosen !== null) {
    const x = nameWidth + axis.at(chosen.from);
    svg.append(node('line', { x1: x, x2: x, y1: rowTop - 8, y2: height - 18, class: 'story-cursor' }));
  }
  return svg;
}

/** Time to pixels. Where nothing happens for long, a gap of fixed width stands for it. */
function axisOf(events, width) {
  if (events.length === 0) return { at: () => 0, gaps: [], ticks: [] };
  const spans = [];
  for (const { from, to } of events) {
    const last = spans.at(-1);
    if (last !== undefined && from - last.to < 0.25) last.to = Math.max(last.to, to);
    else spans.push({ from, to: Math.max(to, from + 0.005) });
  }
  const gapWidth = 90;
  const total = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  const scale = Math.max(80, width - gapWidth * (spans.length - 1)) / total;
  let x = 0;
  const placed = spans.map((span, index) => {
    const begin = x;
    x += (span.to - span.from) * scale;
    const end = x;
    if (index < spans.length - 1) x += gapWidth;
    return { ...span, begin, end };
  });
  const at = (time) => {
    const inside = placed.findLast(({ from }) => from <= time) ?? placed[0];
    return time <= inside.from
      ? inside.begin
      : Math.min(inside.end + (time > inside.to ? 8 : 0), inside.begin + (time - inside.from) * scale);
  };
  const gaps = placed
    .slice(1)
    .map((span, index) => ({ x: span.begin - gapWidth / 2 - 40, skipped: span.from - placed[index].to }));
  return { at, gaps, ticks: placed.map(({ begin, from }) => ({ x: begin, time: from })) };
}

function node(name, attributes) {
  const made = document.createElementNS(svgSpace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function text(x, y, content, className) {
  const made = node('text', { x, y, class: className });
  made.textContent = content;
  return made;
}
