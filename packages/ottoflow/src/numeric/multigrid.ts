/**
 * A linear system of an implicit step on a box: cells that keep their `mass` and exchange at rates >= 0,
 *   mass_i x_i + sum over neighbours j of (rate from i to j) x_i - (rate from j to i) x_j = f_i.
 * For axis k and cell i, up[k][i] is the rate from i to its upper neighbour and down[k][i] the rate back; nothing is read on a
 * wall, and on a periodic axis the entries of the last cell are the edge to the first.
 */
export interface Exchange {
  readonly shape: readonly number[];
  readonly periodic: readonly boolean[];
  readonly mass: Float64Array;
  readonly up: readonly Float64Array[];
  readonly down: readonly Float64Array[];
}
export interface Multigrid {
  /** the finest system, filled by the caller before `prepare` */
  readonly system: Exchange;
  /** line factors and coarse rates from the rates now in `system` */
  prepare(): void;
  /** one cycle on x for the right-hand side f, where r = f - A x is known from `residual` */
  cycle(f: Float64Array, x: Float64Array, r: Float64Array): void;
  /** r = f - A x; returns sum |r_i|, which bounds sum mass_i |x_i - solution_i| */
  residual(f: Float64Array, x: Float64Array, r: Float64Array): number;
}

/** Edges that wrap around axis k: `last` and `first` cells and both rates. */
interface Wrap {
  readonly axis: number;
  readonly last: Int32Array;
  readonly first: Int32Array;
  readonly up: Float64Array;
  readonly down: Float64Array;
}
interface Level extends Exchange {
  readonly n: number;
  readonly stride: readonly number[];
  readonly wraps: readonly Wrap[];
  /** per axis, lines along it: inverse pivots, and the factors of the forward and the backward recurrence */
  readonly pivot: readonly Float64Array[];
  readonly forth: readonly Float64Array[];
  readonly back: readonly Float64Array[];
  /** mass and all rates out */
  readonly diagonal: Float64Array;
  /** starts of the rows (lines along the last axis) of each colour */
  readonly rows: readonly Int32Array[];
  /** per axis: equilibrium share of the parent, mean 1 over the children along the axis */
  readonly share: readonly Float64Array[];
  /** per axis: weights of the parent's correction and of the nearer neighbour's */
  readonly own: readonly Float64Array[];
  readonly near: readonly Float64Array[];
  readonly x: Float64Array;
  readonly f: Float64Array;
  readonly r: Float64Array;
  /** per axis and coordinate: coarse coordinate times coarse stride */
  readonly parent: readonly Int32Array[];
}

/**
 * Multigrid for exchange systems with strongly varying and one-sided rates (Fokker–Planck steps, Newton steps of degenerate
 * diffusion). Sawtooth cycles: coarser levels first, then one smoothing. Smoother: zebra relaxation of the lines along every axis, each line solved without subtraction as in `solveChain`.
 * Cells are merged in pairs per axis; residuals are summed, so mass is kept; corrections are shared out along the local
 * equilibrium of the rates; coarse rates halve the symmetric part and keep the one-sided part, which is Scharfetter–Gummel
 * on the doubled cells. [wesseling1992]
 */
export function openMultigrid(shape: readonly number[], periodic: readonly boolean[]): Multigrid {
  const levels: Level[] = [openLevel(shape, periodic)];
  for (let now = shape; now.some((n) => n > 1); ) {
    now = now.map((n) => (n + 1) >> 1);
    levels.push(openLevel(now, periodic));
  }
  const top = levels[0]!;
  const system: Exchange = { shape, periodic, mass: top.mass, up: shape.map(() => new Float64Array(top.n)), down: shape.map(() => new Float64Array(top.n)) };
  return {
    system,
    prepare() {
      takeRates(system, top);
      for (let l = 0; l < levels.length; l++) {
        factorLines(levels[l]!);
        if (l + 1 < levels.length) coarsen(levels[l]!, levels[l + 1]!);
      }
    },
    cycle: (f, x, r) => descend(levels, 0, f, x, r),
    residual: (f, x, r) => residual(top, f, x, r),
  };
}

function openLevel(shape: readonly number[], periodic: readonly boolean[]): Level {
  const n = shape.reduce((a, b) => a * b, 1);
  const row = (): Float64Array => new Float64Array(n);
  const rows = (): readonly Float64Array[] => shape.map(row);
  const stride = shape.map((_, k) => shape.slice(k + 1).reduce((a, b) => a * b, 1));
  const wraps = shape.flatMap((count, axis) => (periodic[axis] && count > 1 ? [openWrap(n, axis, count, stride[axis]!)] : []));
  const half = shape.map((count) => (count + 1) >> 1);
  const parent = shape.map((count, k) => Int32Array.from({ length: count }, (_, i) => (i >> 1) * half.slice(k + 1).reduce((a, b) => a * b, 1)));
  const m = shape[shape.length - 1]!;
  const starts = Array.from({ length: n / m }, (_, r) => r * m);
  const ofColour = (colour: number): Int32Array => Int32Array.from(starts.filter((base) => parity(shape, base / m, -1) === colour));
  return {
    shape,
    periodic,
    n,
    rows: [ofColour(0), ofColour(1)],
    diagonal: row(),
    forth: rows(),
    back: rows(),
    stride,
    wraps,
    parent,
    mass: row().fill(1),
    up: rows(),
    down: rows(),
    pivot: rows(),
    share: rows(),
    own: rows(),
    near: rows(),
    x: row(),
    f: row(),
    r: row(),
  };
}

function openWrap(n: number, axis: number, count: number, stride: number): Wrap {
  const size = n / count;
  const first = new Int32Array(size);
  for (let base = 0, e = 0; base < n; base += stride * count) for (let i = 0; i < stride; i++) first[e++] = base + i;
  return { axis, first, last: first.map((i) => i + stride * (count - 1)), up: new Float64Array(size), down: new Float64Array(size) };
}

/** Splits the caller's rates: inner edges with zeros on walls, wrapping edges apart. */
function takeRates(system: Exchange, top: Level): void {
  for (let k = 0; k < top.shape.length; k++) {
    top.up[k]!.set(system.up[k]!);
    top.down[k]!.set(system.down[k]!);
    zeroLast(top, k);
  }
  for (const w of top.wraps) takeWrap(w, system.up[w.axis]!, system.down[w.axis]!);
}

function takeWrap(w: Wrap, up: Float64Array, down: Float64Array): void {
  for (let e = 0; e < w.last.length; e++) {
    w.up[e] = up[w.last[e]!]!;
    w.down[e] = down[w.last[e]!]!;
  }
}

function zeroLast(level: Level, k: number): void {
  const s = level.stride[k]!;
  const span = s * level.shape[k]!;
  for (let end = span; end <= level.n; end += span) {
    level.up[k]!.fill(0, end - s, end);
    level.down[k]!.fill(0, end - s, end);
  }
}

/** x += correction from the coarser levels for the residual r, then one relaxation along every axis. */
function descend(levels: readonly Level[], l: number, f: Float64Array, x: Float64Array, r: Float64Array): void {
  const level = levels[l]!;
  const coarse = levels[l + 1];
  if (!coarse) {
    x[0] = f[0]! / level.mass[0]!;
    return;
  }
  restrict(level, coarse, r, coarse.f);
  coarse.x.fill(0);
  descend(levels, l + 1, coarse.f, coarse.x, coarse.f);
  prolong(level, coarse.x, x);
  for (let k = level.shape.length - 1; k >= 0; k--) relax(level, k, f, x);
}

/** Factors of the lines along each axis; what leaves sideways or around counts as kept. */
function factorLines(level: Level): void {
  const { n, mass, up, down, stride, shape, diagonal, r: kept } = level;
  diagonal.set(mass);
  for (let k = 0; k < shape.length; k++) addOutflow(level, k, diagonal);
  addWrapOutflow(level, diagonal);
  for (let axis = 0; axis < shape.length; axis++) {
    kept.set(mass);
    for (let k = 0; k < shape.length; k++) if (k !== axis) addOutflow(level, k, kept);
    addWrapOutflow(level, kept);
    const s = stride[axis]!;
    const a = up[axis]!;
    const b = down[axis]!;
    const pivot = level.pivot[axis]!;
    const forth = level.forth[axis]!;
    const back = level.back[axis]!;
    for (let i = 0; i < n; i++) {
      if (i >= s) kept[i] = kept[i]! + b[i - s]! * (kept[i - s]! * pivot[i - s]!);
      pivot[i] = 1 / (kept[i]! + a[i]!);
      forth[i] = i >= s ? a[i - s]! * pivot[i]! : 0;
      back[i] = b[i]! * pivot[i]!;
    }
  }
}

function addOutflow(level: Level, k: number, out: Float64Array): void {
  const s = level.stride[k]!;
  const a = level.up[k]!;
  const b = level.down[k]!;
  for (let i = 0; i < s; i++) out[i] = out[i]! + a[i]!;
  for (let i = s; i < level.n; i++) out[i] = out[i]! + a[i]! + b[i - s]!;
}

function addWrapOutflow(level: Level, out: Float64Array): void {
  for (const w of level.wraps) {
    for (let e = 0; e < w.last.length; e++) {
      out[w.last[e]!] = out[w.last[e]!]! + w.up[e]!;
      out[w.first[e]!] = out[w.first[e]!]! + w.down[e]!;
    }
  }
}

/** Zebra relaxation of the lines along one axis: even lines, then odd ones. */
function relax(level: Level, axis: number, f: Float64Array, x: Float64Array): void {
  if (level.shape[axis] === 1 && level.n > 1) return;
  const last = level.shape.length - 1;
  const q = level.wraps.length > 0 ? withWraps(level, f, x) : f;
  for (let colour = 0; colour < 2; colour++) {
    if (axis === last) relaxRows(level, q, x, level.rows[colour]!);
    else relaxColumns(level, axis, q, x, colour);
  }
}

/** Right-hand side with what comes in over the wrapping edges. */
function withWraps(level: Level, f: Float64Array, x: Float64Array): Float64Array {
  const q = level.r;
  q.set(f);
  for (const w of level.wraps) {
    for (let e = 0; e < w.last.length; e++) {
      q[w.first[e]!] = q[w.first[e]!]! + w.up[e]! * x[w.last[e]!]!;
      q[w.last[e]!] = q[w.last[e]!]! + w.down[e]! * x[w.first[e]!]!;
    }
  }
  return q;
}

/** Parity of the coordinates of a row (all axes but the last), leaving one axis out. */
function parity(shape: readonly number[], row: number, without: number): number {
  let p = 0;
  for (let k = shape.length - 2, rest = row; k >= 0; k--) {
    if (k !== without) p += rest % shape[k]!;
    rest = Math.floor(rest / shape[k]!);
  }
  return p & 1;
}

/** x = f and what the neighbours of a row bring in over the axes before the last. */
function gatherRow(level: Level, base: number, m: number, f: Float64Array, x: Float64Array): void {
  const last = level.shape.length - 1;
  const end = base + m;
  for (let i = base; i < end; i++) x[i] = f[i]!;
  for (let k = 0; k < last; k++) {
    const s = level.stride[k]!;
    const a = level.up[k]!;
    const b = level.down[k]!;
    if (base >= s) for (let i = base; i < end; i++) x[i] = x[i]! + a[i - s]! * x[i - s]!;
    if (end + s <= level.n) for (let i = base; i < end; i++) x[i] = x[i]! + b[i]! * x[i + s]!;
  }
}

/** Lines along the last axis, four at a time: their recurrences do not wait for each other. */
function relaxRows(level: Level, f: Float64Array, x: Float64Array, rows: Int32Array): void {
  const last = level.shape.length - 1;
  const m = level.shape[last]!;
  const pivot = level.pivot[last]!;
  const forth = level.forth[last]!;
  const back = level.back[last]!;
  const whole = rows.length - (rows.length % 4);
  for (let q = 0; q < whole; q += 4) {
    const r0 = rows[q]!;
    const r1 = rows[q + 1]!;
    const r2 = rows[q + 2]!;
    const r3 = rows[q + 3]!;
    gatherRow(level, r0, m, f, x);
    gatherRow(level, r1, m, f, x);
    gatherRow(level, r2, m, f, x);
    gatherRow(level, r3, m, f, x);
    let y0 = 0;
    let y1 = 0;
    let y2 = 0;
    let y3 = 0;
    for (let j = 0; j < m; j++) {
      y0 = x[r0 + j]! * pivot[r0 + j]! + forth[r0 + j]! * y0;
      y1 = x[r1 + j]! * pivot[r1 + j]! + forth[r1 + j]! * y1;
      y2 = x[r2 + j]! * pivot[r2 + j]! + forth[r2 + j]! * y2;
      y3 = x[r3 + j]! * pivot[r3 + j]! + forth[r3 + j]! * y3;
      x[r0 + j] = y0;
      x[r1 + j] = y1;
      x[r2 + j] = y2;
      x[r3 + j] = y3;
    }
    for (let j = m - 2; j >= 0; j--) {
      y0 = x[r0 + j]! + back[r0 + j]! * y0;
      y1 = x[r1 + j]! + back[r1 + j]! * y1;
      y2 = x[r2 + j]! + back[r2 + j]! * y2;
      y3 = x[r3 + j]! + back[r3 + j]! * y3;
      x[r0 + j] = y0;
      x[r1 + j] = y1;
      x[r2 + j] = y2;
      x[r3 + j] = y3;
    }
  }
  for (let q = whole; q < rows.length; q++) {
    const r = rows[q]!;
    gatherRow(level, r, m, f, x);
    let y = 0;
    for (let i = r; i < r + m; i++) x[i] = y = x[i]! * pivot[i]! + forth[i]! * y;
    for (let i = r + m - 2; i >= r; i--) x[i] = y = x[i]! + back[i]! * y;
  }
}

/** Lines along another axis: all lines of one colour advance together, row by row. */
function relaxColumns(level: Level, axis: number, f: Float64Array, x: Float64Array, colour: number): void {
  const { shape, stride, n } = level;
  const last = shape.length - 1;
  const m = shape[last]!;
  const s = stride[axis]!;
  const pivot = level.pivot[axis]!;
  const forth = level.forth[axis]!;
  const back = level.back[axis]!;
  const a = level.up[last]!;
  const b = level.down[last]!;
  for (let base = 0; base < n; base += m) {
    const first = base + ((colour + parity(shape, base / m, axis)) & 1);
    const end = base + m;
    // the edges over the ends of a row carry rate zero; only the ends of the array are kept from being read over
    for (let i = first; i < end; i += 2) {
      const below = i > 0 ? a[i - 1]! * x[i - 1]! : 0;
      const above = i + 1 < n ? b[i]! * x[i + 1]! : 0;
      x[i] = f[i]! + below + above;
    }
    for (let k = 0; k < last; k++) {
      if (k === axis) continue;
      const t = stride[k]!;
      const ak = level.up[k]!;
      const bk = level.down[k]!;
      if (base >= t) for (let i = first; i < end; i += 2) x[i] = x[i]! + ak[i - t]! * x[i - t]!;
      if (end + t <= n) for (let i = first; i < end; i += 2) x[i] = x[i]! + bk[i]! * x[i + t]!;
    }
    if (base >= s) for (let i = first; i < end; i += 2) x[i] = x[i]! * pivot[i]! + forth[i]! * x[i - s]!;
    else for (let i = first; i < end; i += 2) x[i] = x[i]! * pivot[i]!;
  }
  for (let base = n - m - s; base >= 0; base -= m) {
    const first = base + ((colour + parity(shape, base / m, axis)) & 1);
    for (let i = first; i < base + m; i += 2) x[i] = x[i]! + back[i]! * x[i + s]!;
  }
}

function residual(level: Level, f: Float64Array, x: Float64Array, r: Float64Array): number {
  const { n, diagonal, shape, stride } = level;
  const last = shape.length - 1;
  const a = level.up[last]!;
  const b = level.down[last]!;
  for (let i = 0; i < n; i++) {
    const below = i > 0 ? a[i - 1]! * x[i - 1]! : 0;
    const above = i + 1 < n ? b[i]! * x[i + 1]! : 0;
    r[i] = f[i]! - diagonal[i]! * x[i]! + below + above;
  }
  for (let k = 0; k < last; k++) {
    const s = stride[k]!;
    const ak = level.up[k]!;
    const bk = level.down[k]!;
    for (let i = 0; i + s < n; i++) r[i] = r[i]! + bk[i]! * x[i + s]!;
    for (let i = s; i < n; i++) r[i] = r[i]! + ak[i - s]! * x[i - s]!;
  }
  for (const w of level.wraps) {
    for (let e = 0; e < w.last.length; e++) {
      r[w.last[e]!] = r[w.last[e]!]! + w.down[e]! * x[w.first[e]!]!;
      r[w.first[e]!] = r[w.first[e]!]! + w.up[e]! * x[w.last[e]!]!;
    }
  }
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.abs(r[i]!);
  return sum;
}

/** Calls `visit` with the start of each row and the start of its parent row. */
function eachRow(level: Level, visit: (base: number, parent: number) => void): void {
  const d = level.shape.length;
  const m = level.shape[d - 1]!;
  for (let row = 0, base = 0; base < level.n; row++, base += m) {
    let up = 0;
    for (let k = d - 2, rest = row; k >= 0; k--) {
      up += level.parent[k]![rest % level.shape[k]!]!;
      rest = Math.floor(rest / level.shape[k]!);
    }
    visit(base, up);
  }
}

function restrict(level: Level, coarse: Level, r: Float64Array, out: Float64Array): void {
  const m = level.shape[level.shape.length - 1]!;
  out.fill(0, 0, coarse.n);
  eachRow(level, (base, parent) => {
    for (let j = 0; j < m; j++) out[parent + (j >> 1)] = out[parent + (j >> 1)]! + r[base + j]!;
  });
}

/** x += correction, interpolated linearly in (correction / equilibrium) between the two nearest parents along every axis. */
function prolong(level: Level, from: Float64Array, x: Float64Array): void {
  const { shape, own, near, n } = level;
  const last = shape.length - 1;
  const m = shape[last]!;
  const at = new Array<number>(last);
  for (let base = 0; base < n; base += m) {
    for (let k = last - 1, rest = base / m; k >= 0; k--) {
      at[k] = rest % shape[k]!;
      rest = Math.floor(rest / shape[k]!);
    }
    for (let mask = 0; mask < 1 << last; mask++) {
      let row = 0;
      for (let k = 0; k < last && row >= 0; k++) {
        const c = at[k]!;
        const towards = (mask >> k) & 1 ? (c & 1 ? c + 1 : c - 1) : c;
        row = towards < 0 || towards >= shape[k]! ? -1 : row + level.parent[k]![towards]!;
      }
      if (row < 0) continue;
      const one = last > 0 ? (mask & 1 ? near[0]! : own[0]!) : null;
      const two = last > 1 ? (mask & 2 ? near[1]! : own[1]!) : null;
      prolongRow(m, base, row, from, own[last]!, near[last]!, one, two, x);
    }
  }
}

/** One row from one coarse row; one, two: weights of the axes before the last, where there are such. */
function prolongRow(
  m: number,
  base: number,
  row: number,
  from: Float64Array,
  own: Float64Array,
  near: Float64Array,
  one: Float64Array | null,
  two: Float64Array | null,
  x: Float64Array,
): void {
  const top = row + ((m + 1) >> 1) - 1;
  for (let j = 0; j < m; j++) {
    const i = base + j;
    const c = row + (j >> 1);
    const side = Math.min(Math.max(j & 1 ? c + 1 : c - 1, row), top);
    let v = own[i]! * from[c]! + near[i]! * from[side]!;
    if (one) v *= one[i]!;
    if (two) v *= two[i]!;
    x[i] = x[i]! + v;
  }
}

function coarsen(level: Level, coarse: Level): void {
  restrict(level, coarse, level.mass, coarse.mass);
  for (let k = 0; k < level.shape.length; k++) {
    shareOut(level, k);
    weigh(level, k);
    mergeEdges(level, coarse, k);
  }
  for (const w of coarse.wraps) {
    const fine = level.wraps.find((v) => v.axis === w.axis)!;
    const up = coarse.up[w.axis]!;
    const down = coarse.down[w.axis]!;
    for (let e = 0; e < fine.last.length; e++) addMerged(fine.up[e]!, fine.down[e]!, 2, up, down, parentOf(level, fine.last[e]!));
    takeWrap(w, up, down);
    zeroLast(coarse, w.axis);
  }
}

function parentOf(level: Level, cell: number): number {
  let parent = 0;
  for (let k = 0; k < level.shape.length; k++) parent += level.parent[k]![Math.floor(cell / level.stride[k]!) % level.shape[k]!]!;
  return parent;
}

/** Correction of a pair of cells in the proportion of their equilibrium: upper over lower = rate up over rate down. */
function shareOut(level: Level, k: number): void {
  const share = level.share[k]!;
  const s = level.stride[k]!;
  const count = level.shape[k]!;
  share.fill(1);
  for (let i = 0; i + s < level.n; i++) {
    const at = Math.floor(i / s) % count;
    if (at % 2 === 1 || at === count - 1) continue;
    const a = level.up[k]![i]!;
    const b = level.down[k]![i]!;
    if (!(a + b > 0)) continue;
    share[i] = (2 * b) / (a + b);
    share[i + s] = (2 * a) / (a + b);
  }
}

/** largest rise of the equilibrium from a neighbour's cell that the interpolation follows */
const steepest = 2;

/**
 * Linear weights 3/4 and 1/4 in (correction / equilibrium). Where the equilibrium rises steeply from the neighbour to here the
 * neighbour's weight is held at that of `steepest`, lest a step of many temperatures amplifies it.
 */
function weigh(level: Level, k: number): void {
  const { n, shape, stride, up, down } = level;
  const s = stride[k]!;
  const count = shape[k]!;
  const a = up[k]!;
  const b = down[k]!;
  const share = level.share[k]!;
  const own = level.own[k]!;
  const near = level.near[k]!;
  for (let i = 0; i < n; i++) {
    const at = Math.floor(i / s) % count;
    own[i] = share[i]!;
    near[i] = 0;
    const alone = at === count - 1 && at % 2 === 0;
    if (alone || at === 0 || at === count - 1) continue;
    const g = at % 2 === 1 ? i + s : i - s;
    const forth = at % 2 === 1 ? a[i]! : b[g]!;
    const back = at % 2 === 1 ? b[i]! : a[g]!;
    const lift = share[g]! * back;
    if (!(forth + back > 0)) continue;
    const steep = lift > steepest * forth;
    own[i] = (1 - (steep ? (0.25 * steepest * forth) / lift : 0.25)) * share[i]!;
    near[i] = steep ? 0.25 * steepest : lift > 0 ? (0.25 * lift) / forth : 0;
  }
}

function mergeEdges(level: Level, coarse: Level, k: number): void {
  const s = level.stride[k]!;
  const count = level.shape[k]!;
  const up = coarse.up[k]!;
  const down = coarse.down[k]!;
  up.fill(0);
  down.fill(0);
  for (let i = 0; i + s < level.n; i++) {
    const at = Math.floor(i / s) % count;
    if (at % 2 === 0 || at === count - 1) continue;
    addMerged(level.up[k]![i]!, level.down[k]![i]!, at + 2 === count ? 1.5 : 2, up, down, parentOf(level, i));
  }
}

/** Symmetric part over the distance, one-sided part in full, and Scharfetter–Gummel's law between the two. */
function addMerged(a: number, b: number, distance: number, up: Float64Array, down: Float64Array, at: number): void {
  const spread = (a + b) / 2;
  if (!(spread > 0)) return;
  const lean = (a - b) / 2;
  const q = lean / spread;
  const merged = spread * ((1 - q * q) / distance + q * q);
  up[at] = up[at]! + merged + lean;
  down[at] = down[at]! + merged - lean;
}
