import { type Level, parity } from "./level.ts";

/** Factors of the lines along each axis; what leaves sideways or around counts as kept. */
export function factorLines(level: Level): void {
  const { n, mass, up, down, stride, shape, diagonal, r: kept } = level;
  diagonal.set(mass);
  for (let k = 0; k < shape.length; k++) addOutflow(level, k, diagonal);
  addWrapOutflow(level, diagonal);
  for (let axis = 0; axis < shape.length; axis++) {
    kept.set(mass);
    addWrapOutflow(level, kept);
    for (let k = 0; k < shape.length; k++) if (k !== axis) addOutflow(level, k, kept);
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

/** Lines along the weaker axis of the plane smooth little where the other axis has at least twice its rates at every cell. */
export function chooseAxes(level: Level): void {
  const { shape, up, down, wraps } = level;
  if (shape.length !== 2) return;
  const [n0, n1] = shape as [number, number];
  let first = false;
  let second = false;
  for (let i = 0; i + 1 < n0; i++)
    for (let at = i * n1; at + 1 < (i + 1) * n1; at++) {
      const p = up[0]![at]! + down[0]![at]!;
      const q = up[1]![at]! + down[1]![at]!;
      first ||= p > 0.5 * q;
      second ||= q > 0.5 * p;
    }
  takeAxes(level, wraps.length === 0 && first !== second ? first : null);
}
/** first: only the first axis (or only the second); null: both */
export function takeAxes(level: Level, first: boolean | null): void {
  level.relaxed[0] = first !== false;
  level.relaxed[1] = first !== true;
}

function addOutflow(level: Level, k: number, out: Float64Array): void {
  const s = level.stride[k]!;
  const a = level.up[k]!;
  const b = level.down[k]!;
  for (let i = 0; i < s; i++) out[i] = out[i]! + a[i]!;
  for (let i = s; i < level.n; i++) out[i] = out[i]! + a[i]! + b[i - s]!;
}

export function addWrapOutflow(level: Level, out: Float64Array): void {
  for (const w of level.wraps) {
    for (let e = 0; e < w.last.length; e++) {
      out[w.last[e]!] = out[w.last[e]!]! + w.up[e]!;
      out[w.first[e]!] = out[w.first[e]!]! + w.down[e]!;
    }
  }
}

/** Zebra relaxation of the lines along one axis: even lines, then odd ones. */
export function relax(level: Level, axis: number, f: Float64Array, x: Float64Array): void {
  const last = level.shape.length - 1;
  const q = level.wraps.length > 0 ? withWraps(level, f, x) : f;
  for (let colour = 0; colour < 2; colour++) {
    if (axis === last) relaxRows(level, q, x, level.rows[colour]!);
    else relaxColumns(level, axis, q, x, colour);
  }
}

/** Right-hand side with what comes in over the wrapping edges. */
export function withWraps(level: Level, f: Float64Array, x: Float64Array): Float64Array {
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

/** x = f and what the neighbours of a row bring in over the axes before the last. */
function gatherRow(level: Level, base: number, m: number, f: Float64Array, x: Float64Array): void {
  const last = level.shape.length - 1;
  const end = base + m;
  let begin = 0;
  if (last > 0 && base >= level.stride[0]! && end + level.stride[0]! <= level.n) {
    // the common case in one pass: a row with both neighbours on the first axis
    const s = level.stride[0]!;
    const a = level.up[0]!;
    const b = level.down[0]!;
    for (let i = base; i < end; i++) x[i] = f[i]! + a[i - s]! * x[i - s]! + b[i]! * x[i + s]!;
    begin = 1;
  } else for (let i = base; i < end; i++) x[i] = f[i]!;
  for (let k = begin; k < last; k++) {
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
    for (let i = first; i < end; i += 2) {
      const below = i > base ? a[i - 1]! * x[i - 1]! : 0;
      const above = i + 1 < end ? b[i]! * x[i + 1]! : 0;
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
    else for (let i = first; i < end; i += 2) x[i] = x[i]! * pivot[i]! + 0;
  }
  for (let base = n - m - s; base >= 0; base -= m) {
    const first = base + ((colour + parity(shape, base / m, axis)) & 1);
    for (let i = first; i < base + m; i += 2) x[i] = x[i]! + back[i]! * x[i + s]!;
  }
}

/** r = f - A x; sums: those of |r_i| and of diagonal_i |x_i| */
export function residual(level: Level, f: Float64Array, x: Float64Array, r: Float64Array, sums: Float64Array): void {
  const { n, diagonal, shape, stride } = level;
  const last = shape.length - 1;
  const a = level.up[last]!;
  const b = level.down[last]!;
  // along the last axis, and where there is one along the first: cells with both neighbours in one pass, the ends of the array apart
  const s = last > 0 ? stride[0]! : 1;
  const a0 = last > 0 ? level.up[0]! : a;
  const b0 = last > 0 ? level.down[0]! : b;
  const cell = (i: number): number => {
    let v = f[i]! - diagonal[i]! * x[i]!;
    if (i > 0) v += a[i - 1]! * x[i - 1]!;
    if (i + 1 < n) v += b[i]! * x[i + 1]!;
    if (last > 0 && i >= s) v += a0[i - s]! * x[i - s]!;
    if (last > 0 && i + s < n) v += b0[i]! * x[i + s]!;
    return v;
  };
  for (let i = 0; i < Math.min(s, n); i++) r[i] = cell(i);
  for (let i = Math.max(n - s, s); i < n; i++) r[i] = cell(i);
  if (last > 0)
    for (let i = s; i < n - s; i++)
      r[i] = f[i]! - diagonal[i]! * x[i]! + a[i - 1]! * x[i - 1]! + b[i]! * x[i + 1]! + a0[i - s]! * x[i - s]! + b0[i]! * x[i + s]!;
  else for (let i = 1; i < n - 1; i++) r[i] = f[i]! - diagonal[i]! * x[i]! + a[i - 1]! * x[i - 1]! + b[i]! * x[i + 1]!;
  for (let k = 1; k < last; k++) addNeighbours(level, k, x, r);
  addWrapInflow(level, x, r);
  addUp(level, x, r, s, sums);
}

/** The residual on even rows of a plane between walls, summed over pairs of cells to the rows `out` of the next level. Sums as in the SIMD twin. */
export function residualHalf(level: Level, f: Float64Array, x: Float64Array, out: Float64Array, sums: Float64Array): void {
  const { n, diagonal, up, down } = level;
  const [n0, n1] = level.shape as [number, number];
  const half = (n1 + 1) >> 1;
  const lanes = [0, 0, 0, 0];
  let size = 0;
  let weight = 0;
  const cell = (i: number): number => {
    let v = f[i]! - diagonal[i]! * x[i]!;
    if (i > 0) v += up[1]![i - 1]! * x[i - 1]!;
    if (i + 1 < n) v += down[1]![i]! * x[i + 1]!;
    if (i >= n1) v += up[0]![i - n1]! * x[i - n1]!;
    if (i + n1 < n) v += down[0]![i]! * x[i + n1]!;
    return v;
  };
  for (let row = 0; row < n0; row += 2) {
    const whole = row > 0 && row + 1 < n0 ? n1 & ~3 : 0;
    for (let j = 0; j < n1; j++) {
      const i = row * n1 + j;
      const v = cell(i);
      const to = (row >> 1) * half + (j >> 1);
      out[to] = j & 1 ? out[to]! + v : v;
      if (j < whole) {
        lanes[j & 1]! += Math.abs(v);
        lanes[2 + (j & 1)]! += diagonal[i]! * Math.abs(x[i]!);
      } else {
        size += Math.abs(v);
        weight += diagonal[i]! * Math.abs(x[i]!);
      }
    }
  }
  sums[0] = size + (lanes[0]! + lanes[1]!);
  sums[1] = weight + (lanes[2]! + lanes[3]!);
}

export function addWrapInflow(level: Level, x: Float64Array, r: Float64Array): void {
  for (const w of level.wraps) {
    for (let e = 0; e < w.last.length; e++) {
      r[w.last[e]!] = r[w.last[e]!]! + w.down[e]! * x[w.first[e]!]!;
      r[w.first[e]!] = r[w.first[e]!]! + w.up[e]! * x[w.last[e]!]!;
    }
  }
}

/** Sums in the order of the SIMD twin: the first and the last s cells, then the others in two lanes. */
export function addUp({ n, diagonal }: Level, x: Float64Array, r: Float64Array, s: number, sums: Float64Array): void {
  let size = 0;
  let weight = 0;
  const one = (i: number): void => {
    size += Math.abs(r[i]!);
    weight += diagonal[i]! * Math.abs(x[i]!);
  };
  for (let i = 0; i < Math.min(s, n); i++) one(i);
  for (let i = Math.max(n - s, s); i < n; i++) one(i);
  const inner = Math.max(n - 2 * s, 0);
  const end = s + inner - (inner % 2);
  if (inner % 2 === 1) one(end);
  let [s0, s1, w0, w1] = [0, 0, 0, 0];
  for (let i = s; i < end; i += 2) {
    s0 += Math.abs(r[i]!);
    s1 += Math.abs(r[i + 1]!);
    w0 += diagonal[i]! * Math.abs(x[i]!);
    w1 += diagonal[i + 1]! * Math.abs(x[i + 1]!);
  }
  sums[0] = size + (s0 + s1);
  sums[1] = weight + (w0 + w1);
}

function addNeighbours(level: Level, k: number, x: Float64Array, r: Float64Array): void {
  const s = level.stride[k]!;
  const a = level.up[k]!;
  const b = level.down[k]!;
  for (let i = 0; i + s < level.n; i++) r[i] = r[i]! + b[i]! * x[i + s]!;
  for (let i = s; i < level.n; i++) r[i] = r[i]! + a[i - s]! * x[i - s]!;
}
