/** Finds short cycles in the graph of dependencies: strongly connected components first, then a shortest cycle in each. */
import type { Dependency, DependencyKind, Graph } from './dependencies.ts';

/** Components with more than one member, by Tarjan (1972), without recursion so that a long chain can not overflow the stack. */
export function components(graph: Graph): Set<string>[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const found: Set<string>[] = [];
  for (const root of graph.keys()) {
    if (index.has(root)) continue;
    const work: { node: string; next: number }[] = [{ node: root, next: 0 }];
    while (work.length > 0) {
      const frame = work.at(-1);
      if (frame === undefined) break;
      const { node } = frame;
      if (frame.next === 0) {
        index.set(node, index.size);
        low.set(node, index.size - 1);
        stack.push(node);
        onStack.add(node);
      }
      const edge = graph.get(node)?.[frame.next];
      frame.next += 1;
      if (edge !== undefined) {
        if (!index.has(edge.to)) work.push({ node: edge.to, next: 0 });
        else if (onStack.has(edge.to)) low.set(node, Math.min(low.get(node) ?? 0, index.get(edge.to) ?? 0));
        continue;
      }
      work.pop();
      const parent = work.at(-1)?.node;
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent) ?? 0, low.get(node) ?? 0));
      if (low.get(node) === index.get(node)) {
        const members = popUntil(stack, node, onStack);
        if (members.size > 1) found.push(members);
      }
    }
  }
  return found;
}

function popUntil(stack: string[], node: string, onStack: Set<string>): Set<string> {
  const members = new Set<string>();
  for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
    onStack.delete(member);
    members.add(member);
    if (member === node) break;
  }
  return members;
}

export interface CycleShape {
  readonly kinds: ReadonlySet<DependencyKind>;
  /** The cycle begins with a dependency of this kind, and goes on with those of `kinds`. */
  readonly begin: DependencyKind;
}

/** A shortest cycle of that shape among the members, or null. */
export function shortestCycle(
  graph: Graph,
  members: ReadonlySet<string>,
  { kinds, begin }: CycleShape,
): Dependency[] | null {
  let best: Dependency[] | null = null;
  for (const from of members) {
    for (const first of graph.get(from) ?? []) {
      if (first.kind !== begin || !members.has(first.to)) continue;
      const back = path(
        graph,
        members,
        kinds,
        first.to,
        from,
        (best?.length ?? Number.POSITIVE_INFINITY) - 2,
      );
      if (back !== null) best = [first, ...back];
    }
  }
  return best;
}

/** A shortest path of at most `lengthMax` dependencies, by breadth first. */
function path(
  graph: Graph,
  members: ReadonlySet<string>,
  kinds: ReadonlySet<DependencyKind>,
  from: string,
  to: string,
  lengthMax: number,
): Dependency[] | null {
  const cameBy = new Map<string, Dependency | null>([[from, null]]);
  let edge = [from];
  for (let length = 1; length <= lengthMax && edge.length > 0; length += 1) {
    const reached: string[] = [];
    for (const node of edge) {
      for (const dependency of graph.get(node) ?? []) {
        if (!kinds.has(dependency.kind) || !members.has(dependency.to) || cameBy.has(dependency.to)) continue;
        cameBy.set(dependency.to, dependency);
        if (dependency.to === to) return traceBack(cameBy, to);
        reached.push(dependency.to);
      }
    }
    edge = reached;
  }
  return null;
}

function traceBack(cameBy: ReadonlyMap<string, Dependency | null>, to: string): Dependency[] {
  const steps: Dependency[] = [];
  for (let step = cameBy.get(to); step !== null && step !== undefined; step = cameBy.get(step.from))
    steps.push(step);
  return steps.reverse();
}
