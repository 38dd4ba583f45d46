// The image of masses on cells under the gradient of u, see transport/grid/push.ts: corners row by row, cells cut as far as they are stretched.

// gradients at the corners of the inner row i (0 < i < n0 unless n0 is 1), in units of the target's spacing from its first point: gx, gy [n1 + 1]
function inner(n0: i32, n1: i32, h0: f64, h1: f64, u: usize, i: i32, t0: f64, t1: f64, k0: f64, k1: f64, gx: usize, gy: usize): void {
  const b = n0 == 1 ? 0 : i;
  const a = n0 == 1 ? 0 : i - 1;
  const rowA = u + ((<usize>a * <usize>n1) << 3), rowB = u + ((<usize>b * <usize>n1) << 3);
  const sx = 0.5 / (h0 * k0), sy = 0.5 / (h1 * k1), ox = t0 / k0, oy = t1 / k1;
  const most = n1 == 1 ? 1 : n1 - 1;
  for (let j = 1; j <= most; j++) {
    const d = n1 == 1 ? 0 : j;
    const c = n1 == 1 ? 0 : j - 1;
    const ac = load<f64>(rowA + ((<usize>c) << 3)), ad = load<f64>(rowA + ((<usize>d) << 3));
    const bc = load<f64>(rowB + ((<usize>c) << 3)), bd = load<f64>(rowB + ((<usize>d) << 3));
    store<f64>(gx + ((<usize>j) << 3), (bc + bd - ac - ad) * sx - ox);
    store<f64>(gy + ((<usize>j) << 3), (ad + bd - ac - bc) * sy - oy);
  }
  rim(n1, gx);
  rim(n1, gy);
}
// first and last go on linearly
function rim(n: i32, g: usize): void {
  const one = load<f64>(g + 8);
  const last = g + ((<usize>n) << 3);
  if (n < 3) {
    store<f64>(g, one);
    store<f64>(last, one);
    return;
  }
  store<f64>(g, 2.0 * one - load<f64>(g + 16));
  store<f64>(last, 2.0 * load<f64>(last - 8) - load<f64>(last - 16));
}
function corners(n0: i32, n1: i32, h0: f64, h1: f64, u: usize, i: i32, t0: f64, t1: f64, k0: f64, k1: f64, gx: usize, gy: usize, room: usize): void {
  const near = n0 == 1 ? 0 : min(max(i, 1), n0 - 1);
  inner(n0, n1, h0, h1, u, near, t0, t1, k0, k1, gx, gy);
  if (near == i || n0 < 3) return;
  const wide = (<usize>(n1 + 1)) << 3;
  inner(n0, n1, h0, h1, u, i == 0 ? 2 : n0 - 2, t0, t1, k0, k1, room, room + wide);
  for (let k: usize = 0; k < wide; k += 8) {
    store<f64>(gx + k, 2.0 * load<f64>(gx + k) - load<f64>(room + k));
    store<f64>(gy + k, 2.0 * load<f64>(gy + k) - load<f64>(room + wide + k));
  }
}
// @ts-ignore: decorator
@inline
function far(a: f64, b: f64, c: f64, d: f64): f64 {
  return max(abs(a - b), abs(c - d));
}

// mass [n0][n1] at spacing (h0, h1) with potential u to out [m0][m1] with first point (t0, t1) and spacing (k0, k1); room: [6 (n1 + 1)].
// Returns the number of parts.
export function push(
  n0: i32, n1: i32, h0: f64, h1: f64, u: usize, mass: usize, m0: i32, m1: i32, t0: f64, t1: f64, k0: f64, k1: f64, out: usize, room: usize,
): f64 {
  const wide = (<usize>(n1 + 1)) << 3;
  let px = room, py = px + wide, qx = py + wide, qy = qx + wide;
  const extra = room + 4 * wide;
  memory.fill(out, 0, (<usize>m0 * <usize>m1) << 3);
  const top = <f64>(m0 - 1), right = <f64>(m1 - 1);
  const lastI = max(m0 - 2, 0), lastJ = max(m1 - 2, 0);
  const di: usize = m0 > 1 ? (<usize>m1) << 3 : 0, dj: usize = m1 > 1 ? 8 : 0;
  let count: f64 = 0;
  corners(n0, n1, h0, h1, u, 0, t0, t1, k0, k1, qx, qy, extra);
  for (let i = 0; i < n0; i++) {
    const sx = px, sy = py;
    px = qx;
    py = qy;
    qx = sx;
    qy = sy;
    corners(n0, n1, h0, h1, u, i + 1, t0, t1, k0, k1, qx, qy, extra);
    for (let j = 0; j < n1; j++) {
      const m = load<f64>(mass + ((<usize>i * <usize>n1 + <usize>j) << 3));
      if (m == 0) continue;
      const o = (<usize>j) << 3;
      const X0 = load<f64>(px + o), X1 = load<f64>(px + o + 8), X2 = load<f64>(qx + o), X3 = load<f64>(qx + o + 8);
      const Y0 = load<f64>(py + o), Y1 = load<f64>(py + o + 8), Y2 = load<f64>(qy + o), Y3 = load<f64>(qy + o + 8);
      const cut0 = max(1, <i32>floor(0.5 + max(far(X2, X0, X3, X1), far(Y2, Y0, Y3, Y1))));
      const cut1 = max(1, <i32>floor(0.5 + max(far(X1, X0, X3, X2), far(Y1, Y0, Y3, Y2))));
      const part = m / (<f64>cut0 * <f64>cut1);
      count += <f64>cut0 * <f64>cut1;
      const s0 = 1.0 / <f64>cut0, s1 = 1.0 / <f64>cut1;
      for (let s = 0; s < cut0; s++) {
        const b = (<f64>s + 0.5) * s0;
        const xa = X0 + b * (X2 - X0), xb = X1 + b * (X3 - X1), ya = Y0 + b * (Y2 - Y0), yb = Y1 + b * (Y3 - Y1);
        for (let t = 0; t < cut1; t++) {
          const a = (<f64>t + 0.5) * s1;
          const x = min(max(xa + a * (xb - xa), 0.0), top), y = min(max(ya + a * (yb - ya), 0.0), right);
          const I = min(<i32>x, lastI), J = min(<i32>y, lastJ);
          const fx = x - <f64>I, fy = y - <f64>J;
          const p = out + ((<usize>I * <usize>m1 + <usize>J) << 3);
          const up = part * fx, down = part - up;
          store<f64>(p, load<f64>(p) + down * (1.0 - fy));
          store<f64>(p + dj, load<f64>(p + dj) + down * fy);
          store<f64>(p + di, load<f64>(p + di) + up * (1.0 - fy));
          store<f64>(p + di + dj, load<f64>(p + di + dj) + up * fy);
        }
      }
    }
  }
  return count;
}
