/** Strongly connected components and shortest cycles of a directed graph. */
export type Graph = ReadonlyMap<number, ReadonlySet<number>>;

/** Components of more than one node (Tarjan 1972, without recursion, as histories are long). */
export function components(graph: Graph): number[][] {
  const indexes = new Map<number, number>();
  const lowLinks = new Map<number, number>();
  const onStack = new Set<number>();
  const stack: number[] = [];
  const found: number[][] = [];
  for (const root of graph.keys()) {
    if (indexes.has(root)) continue;
    const work: { node: number; successors: Iterator<number> }[] = [];
    const enter = (node: number): void => {
      indexes.set(node, indexes.size);
      lowLinks.set(node, indexes.size - 1);
      stack.push(node);
      onStack.add(node);
      work.push({ node, successors: (graph.get(node) ?? new Set<number>()).values() });
    };
    enter(root);
    for (let frame = work.at(-1); frame !== undefined; frame = work.at(-1)) {
      const { node, successors } = frame;
      const next = successors.next();
      if (next.done !== true) {
        if (!indexes.has(next.value)) enter(next.value);
        else if (onStack.has(next.value)) lower(lowLinks, node, indexes.get(next.value));
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent !== undefined) lower(lowLinks, parent.node, lowLinks.get(node));
      if (lowLinks.get(node) === indexes.get(node)) {
        const members = stack.splice(stack.lastIndexOf(node));
        for (const member of members) onStack.delete(member);
        if (members.length > 1) found.push(members);
      }
    }
  }
  return found;
}

function lower(lowLinks: Map<number, number>, node: number, value: number | undefined): void {
  if (value !== undefined && value < (lowLinks.get(node) ?? Number.POSITIVE_INFINITY))
    lowLinks.set(node, value);
}

/** A shortest cycle through the first node that has one within the component; its nodes in order. */
export function shortestCycle(graph: Graph, component: readonly number[]): number[] {
  const members = new Set(component);
  let best: number[] | undefined;
  for (const start of component.slice(0, 50)) {
    const cycle = cycleThrough(graph, start, members);
    if (cycle !== undefined && (best === undefined || cycle.length < best.length)) best = cycle;
  }
  return best ?? [...component];
}

function cycleThrough(graph: Graph, start: number, members: ReadonlySet<number>): number[] | undefined {
  const cameFrom = new Map<number, number>();
  const queue = [start];
  for (const node of queue) {
    for (const next of graph.get(node) ?? []) {
      if (next === start) {
        const path = [node];
        for (let at = node; at !== start;) {
          at = cameFrom.get(at) ?? start;
          path.push(at);
        }
        return path.toReversed();
      }
      if (!members.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return undefined;
}
