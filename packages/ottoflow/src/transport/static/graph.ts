/** W_1 on graphs: mass flows along the edges (Beckmann), no pairs are looked at. */
import type { Coupling, Transport, TransportProgress, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { specError } from "../../errors.ts";
import { componentsOf, conventionOf, defectOf } from "../certificate.ts";
import { type Graph, graphCost, graphOf } from "../graph-cost.ts";
import { type GraphFlow, graphFlow } from "../graph-flow.ts";
import { sparsePlan } from "../plan.ts";
import { exactSum, placeholders, transportProblem } from "../problem.ts";

export const graph: Unit<"transport"> = defineTransport({
  kind: "graph",
  title: "flow on a graph",
  tex: String.raw`\min_{\operatorname{div} q = \mu - \nu} \sum_e \ell_e |q_e| = \max_{|f(x) - f(y)| \le \ell_{xy}} \int f \, d(\mu - \nu)`,
  summary:
    "W_1 for the shortest-path distance of a graph as a least-cost flow along its edges, by the network simplex method; on trees without a single pivot, so in linear time. The potential is 1-Lipschitz along every edge, which is the certificate. Cyclic flow is never needed, so the flow falls apart into a plan along paths.",
  refs: ["beckmann1952", "santambrogio2015", "peyre2019", "ahuja1993"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => ({
    label: "graph",
    answer: "exact",
    refuses,
    estimate: (p) => {
      const { n, from } = p.cost.graph!;
      return { work: 40 * (n + from.length) * (from.length < n ? 1 : Math.sqrt(n)), bytes: 90 * n + 40 * from.length };
    },
    solve: solveGraph,
  }),
});
function refuses(p: Transport): string | null {
  if (!p.cost.graph) return "takes shortest paths in a graph, as graphCost gives them with p = 1";
  if (p.epsilon > 0) return "knows no entropy";
  if (p.marginals.some((m) => m.kind !== "equal")) return "keeps both marginals as they are";
  if (p.from.rep !== "particles" || p.to.rep !== "particles") return "takes weights at vertices, as placeholders gives them";
  return null;
}

function* solveGraph(p: Transport): Work<TransportProgress, Coupling> {
  if (p.from.rep !== "particles" || p.to.rep !== "particles") throw specError("from", "the solver takes weights at vertices.");
  const g = graphOf(p.cost.graph!);
  const [a, b] = [Float64Array.from(p.from.weight), Float64Array.from(p.to.weight)];
  const work = graphFlow(
    g,
    a.map((v, i) => v - b[i]!),
  );
  let next = work.next();
  while (!next.done) next = work.next(yield { stage: "pivots", iteration: next.value, gap: null, defect: null, fraction: null });
  return answerOf(p, g, a, b, next.value);
}

function answerOf(p: Transport, g: Graph, a: Float64Array, b: Float64Array, found: GraphFlow): Coupling {
  const common = { solver: "graph", certifies: "discrete" as const, iterations: found.pivots, convention: conventionOf(p.cost, 0) };
  const figures = { vertices: g.n, edges: g.from.length, pivots: found.pivots, parts: found.parts };
  if (found.stranded) return { ...common, ...infeasible(found.stranded), figures };
  const value = exactSum(found.flow.map((q, e) => Math.abs(q) * g.length[e]!));
  const dual = exactSum(found.f.map((f, v) => f * (a[v]! - b[v]!)));
  const plan = planOf(g, found.flow, a, b);
  const components = componentsOf(plan);
  return {
    ...common,
    status: found.optimal ? "optimal" : "aborted",
    value,
    regularised: value,
    dual,
    gap: value - dual,
    unregularised: { lower: dual, upper: value },
    defect: defectOf(plan, a, b),
    potentials: { f: found.f, g: found.f.map((v) => -v), components, kind: "feasible" },
    plan,
    notes: found.parts > 1 ? [`The graph falls into ${found.parts} parts, between which no mass can move.`] : [],
    figures,
  };
}
function infeasible({
  vertex,
  excess,
}: NonNullable<GraphFlow["stranded"]>): Pick<Coupling, "status" | "value" | "regularised" | "dual" | "gap" | "defect" | "potentials" | "plan" | "notes"> {
  const lack = excess > 0 ? `${excess} more mass leaves than arrives` : `${-excess} more mass arrives than leaves`;
  return {
    status: "infeasible",
    value: Number.POSITIVE_INFINITY,
    regularised: Number.POSITIVE_INFINITY,
    dual: Number.POSITIVE_INFINITY,
    gap: 0,
    defect: [0, 0],
    potentials: null,
    plan: null,
    notes: [`In the part of the graph with vertex ${vertex}, ${lack}, and no edge leads out of it.`],
  };
}

/** The flow as moves between vertices: every vertex keeps what it may keep, hands on what it gets in the order it came, and serves itself first. */
function planOf(g: Graph, flow: Float64Array, a: Float64Array, b: Float64Array): ReturnType<typeof sparsePlan> {
  const entry = { from: [] as number[], to: [] as number[], mass: [] as number[] };
  const push = (i: number, j: number, mass: number): void => {
    entry.from.push(i);
    entry.to.push(j);
    entry.mass.push(mass);
  };
  const lots: { source: number; mass: number }[][] = Array.from({ length: g.n }, () => []);
  const need = b.slice();
  const order = downstream(g, flow);
  for (const v of order) {
    const own = Math.min(a[v]!, need[v]!);
    if (own > 0) push(v, v, own);
    need[v] = need[v]! - own;
    const queue = lots[v]!;
    if (a[v]! > own) queue.push({ source: v, mass: a[v]! - own });
    let head = 0;
    const take = (wanted: number, give: (source: number, mass: number) => void): void => {
      for (let left = wanted; left > 0 && head < queue.length; ) {
        const lot = queue[head]!;
        const mass = Math.min(left, lot.mass);
        give(lot.source, mass);
        left -= mass;
        lot.mass -= mass;
        if (lot.mass <= 0) head++;
      }
    };
    take(need[v]!, (source, mass) => push(source, v, mass));
    for (let h = g.start[v]!; h < g.start[v + 1]!; h++) {
      const e = g.half[h]! >> 1;
      const out = (g.half[h]! & 1) === 0 ? flow[e]! : -flow[e]!;
      const w = (g.half[h]! & 1) === 0 ? g.to[e]! : g.from[e]!;
      if (out > 0) take(out, (source, mass) => lots[w]!.push({ source, mass }));
    }
  }
  return sparsePlan(g.n, g.n, entry.from, entry.to, entry.mass);
}
/** Vertices so that all flow into a vertex comes from earlier ones: there are no cycles, the flow lives on a forest. */
function downstream(g: Graph, flow: Float64Array): Int32Array {
  const waiting = new Int32Array(g.n);
  for (let e = 0; e < flow.length; e++) if (flow[e] !== 0) waiting[flow[e]! > 0 ? g.to[e]! : g.from[e]!]! += 1;
  const order = new Int32Array(g.n);
  let top = 0;
  for (let v = 0; v < g.n; v++) if (waiting[v] === 0) order[top++] = v;
  for (let k = 0; k < top; k++) {
    const v = order[k]!;
    for (let h = g.start[v]!; h < g.start[v + 1]!; h++) {
      const e = g.half[h]! >> 1;
      const out = (g.half[h]! & 1) === 0 ? flow[e]! : -flow[e]!;
      if (!(out > 0)) continue;
      const w = (g.half[h]! & 1) === 0 ? g.to[e]! : g.from[e]!;
      waiting[w] = waiting[w]! - 1;
      if (waiting[w] === 0) order[top++] = w;
    }
  }
  return order;
}

/**
 * W_1 between weights at the vertices of a graph, with its flow: flow[e] goes from `from` to `to` of edge e.
 * @throws {SpecError | ShapeError} on weights that do not fit the graph
 */
export function transportOnGraph(graph: Graph, a: ArrayLike<number>, b: ArrayLike<number>): Coupling & { readonly flow: Float64Array } {
  const p = transportProblem({ from: placeholders(graph.n, a), to: placeholders(graph.n, b), cost: graphCost(graph) });
  const [u, v] = [Float64Array.from(a), Float64Array.from(b)];
  const work = graphFlow(
    graph,
    u.map((w, i) => w - v[i]!),
  );
  for (;;) {
    const next = work.next();
    if (next.done) return { ...answerOf(p, graph, u, v, next.value), flow: next.value.flow };
  }
}
