/**
 * Judges a list-append history by snapshot isolation. Under it every cycle of dependencies has two anti-dependencies
 * in a row (Fekete et al. 2005, Cerone and Gotsman 2018); a cycle without is an anomaly, named by what it is made of.
 */
import { components, shortestCycle } from './cycles.ts';
import { dependenciesOf } from './dependencies.ts';
import type { Dependencies, Edge, EdgeKind } from './dependencies.ts';
import type { Anomaly, AnomalyKind, TransactionRecord } from './history.ts';

export interface Judgement {
  /** Empty when the history is one of snapshot isolation. */
  readonly anomalies: readonly Anomaly[];
  /** Cycles that snapshot isolation allows: a checker that never sees one may be blind. */
  readonly writeSkews: number;
  readonly committed: number;
  readonly edges: Readonly<Record<EdgeKind, number>>;
}

export function judgeSnapshotIsolation(history: readonly TransactionRecord[]): Judgement {
  const dependencies = dependenciesOf(history);
  const { edges, committed } = dependencies;
  const anomalies = [...dependencies.anomalies];
  anomalies.push(...cyclesOf(edges, ['ww'], 'dirty-write', 'G0'));
  if (anomalies.length === 0)
    anomalies.push(...cyclesOf(edges, ['ww', 'wr', 'rt'], 'information-cycle', 'G1c'));
  if (anomalies.length === 0) anomalies.push(...antiDependencyCycles(dependencies));
  return {
    anomalies,
    writeSkews: components(graphOf(edges, ['ww', 'wr', 'rw'])).length,
    committed: committed.size,
    edges: {
      ww: edges.filter(({ kind }) => kind === 'ww').length,
      wr: edges.filter(({ kind }) => kind === 'wr').length,
      rw: edges.filter(({ kind }) => kind === 'rw').length,
      rt: edges.filter(({ kind }) => kind === 'rt').length,
    },
  };
}

function graphOf(edges: readonly Edge[], kinds: readonly EdgeKind[]): Map<number, Set<number>> {
  const graph = new Map<number, Set<number>>();
  for (const { from, to, kind } of edges) if (kinds.includes(kind)) addEdge(graph, from, to);
  return graph;
}

function addEdge(graph: Map<number, Set<number>>, from: number, to: number): void {
  const known = graph.get(from);
  if (known === undefined) graph.set(from, new Set([to]));
  else known.add(to);
}

function cyclesOf(
  edges: readonly Edge[],
  kinds: readonly EdgeKind[],
  kind: AnomalyKind,
  name: string,
): Anomaly[] {
  const graph = graphOf(edges, kinds);
  return components(graph).map((component) => {
    const cycle = shortestCycle(graph, component);
    return { kind, name, transactions: cycle, detail: describe(cycle, edges, kinds) };
  });
}

/** Cycles in which no two anti-dependencies follow each other: each is glued to the dependency before it. */
function antiDependencyCycles({ edges }: Dependencies): Anomaly[] {
  const direct = graphOf(edges, ['ww', 'wr', 'rt']);
  const anti = graphOf(edges, ['rw']);
  const graph = new Map<number, Set<number>>();
  for (const [from, middles] of direct) {
    for (const middle of middles) {
      addEdge(graph, from, middle);
      for (const to of anti.get(middle) ?? []) if (to !== from) addEdge(graph, from, to);
    }
  }
  const selfCycles = findGluedSelfCycles(direct, anti);
  const found = components(graph).map((component) => shortestCycle(graph, component));
  return [...selfCycles, ...found].map((cycle) => nameCycle(withMiddles(cycle, direct, anti), edges));
}

/** from → middle by a dependency and middle → from by an anti-dependency: a cycle of two, gone when glued. */
function findGluedSelfCycles(direct: Map<number, Set<number>>, anti: Map<number, Set<number>>): number[][] {
  const cycles: number[][] = [];
  for (const [from, middles] of direct) {
    for (const middle of middles) if (anti.get(middle)?.has(from) === true) cycles.push([from, middle]);
  }
  return cycles;
}

function withMiddles(
  cycle: readonly number[],
  direct: Map<number, Set<number>>,
  anti: Map<number, Set<number>>,
): number[] {
  return cycle.flatMap((from, index) => {
    const to = cycle[(index + 1) % cycle.length] ?? from;
    if (direct.get(from)?.has(to) === true || anti.get(from)?.has(to) === true) return [from];
    const middle = [...(direct.get(from) ?? [])].find((node) => anti.get(node)?.has(to) === true);
    return middle === undefined ? [from] : [from, middle];
  });
}

function nameCycle(cycle: readonly number[], edges: readonly Edge[]): Anomaly {
  const steps = stepsOf(cycle, edges, ['ww', 'wr', 'rt', 'rw']);
  const antis = steps.filter(({ kind }) => kind === 'rw');
  const detail = describe(cycle, edges, ['ww', 'wr', 'rt', 'rw']);
  const [anti] = antis;
  const isLostUpdate =
    antis.length === 1 &&
    steps.length === 2 &&
    steps.some(({ kind, key }) => kind === 'ww' && key === anti?.key);
  if (isLostUpdate) return { kind: 'lost-update', name: 'lost update', transactions: cycle, detail };
  return antis.length <= 1
    ? { kind: 'read-skew', name: 'G-single', transactions: cycle, detail }
    : { kind: 'nonadjacent-cycle', name: 'G-nonadjacent', transactions: cycle, detail };
}

function stepsOf(cycle: readonly number[], edges: readonly Edge[], kinds: readonly EdgeKind[]): Edge[] {
  return cycle.flatMap((from, index) => {
    const to = cycle[(index + 1) % cycle.length];
    const candidates = edges.filter(
      (edge) => edge.from === from && edge.to === to && kinds.includes(edge.kind),
    );
    const step = kinds
      .map((kind) => candidates.find((edge) => edge.kind === kind))
      .find((edge) => edge !== undefined);
    return step === undefined ? [] : [step];
  });
}

function describe(cycle: readonly number[], edges: readonly Edge[], kinds: readonly EdgeKind[]): string {
  return stepsOf(cycle, edges, kinds)
    .map(({ from, to, kind, key }) => `T${from} -${kind}${key === undefined ? '' : `(${key})`}→ T${to}`)
    .join(', ');
}
