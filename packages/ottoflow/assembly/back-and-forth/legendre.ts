// w(y) = max_x x . y - u(x) over two grids, one axis after the other. Eight lines at a time, so that the transposed result is written by cache lines.

// out_j = max_i (x0 + i hx) (y0 + j hy) - u_i; px, pu: [n] corners of the lower hull (place and value)
function line(n: i32, x0: f64, hx: f64, u: usize, m: i32, y0: f64, hy: f64, out: usize, px: usize, pu: usize): void {
  let top: usize = 0; // bytes, one past the last corner
  for (let i = 0; i < n; i++) {
    const v = load<f64>(u + ((<usize>i) << 3));
    if (v == Infinity) continue;
    const x = <f64>i;
    if (top > 8) {
      let b = load<f64>(px + top - 8);
      let ub = load<f64>(pu + top - 8);
      do {
        const a = load<f64>(px + top - 16);
        const ua = load<f64>(pu + top - 16);
        if ((ub - ua) * (x - b) < (v - ub) * (b - a)) break;
        top -= 8;
        b = a;
        ub = ua;
      } while (top > 8);
    }
    store<f64>(px + top, x);
    store<f64>(pu + top, v);
    top += 8;
  }
  if (top == 0) {
    for (let j = 0; j < m; j++) store<f64>(out + ((<usize>j) << 3), -Infinity);
    return;
  }
  const last = top - 8;
  let k: usize = 0;
  let xa = load<f64>(px);
  let ua = load<f64>(pu);
  let j = 0;
  while (k < last) {
    const xb = load<f64>(px + k + 8);
    const ub = load<f64>(pu + k + 8);
    const dx = (xb - xa) * hx;
    const du = ub - ua;
    const at = x0 + xa * hx;
    while (j < m) {
      const y = y0 + <f64>j * hy;
      if (du <= y * dx) break;
      store<f64>(out + ((<usize>j) << 3), at * y - ua);
      j++;
    }
    if (j == m) return;
    xa = xb;
    ua = ub;
    k += 8;
  }
  const at = x0 + xa * hx;
  for (; j < m; j++) {
    const y = y0 + <f64>j * hy;
    store<f64>(out + ((<usize>j) << 3), at * y - ua);
  }
}

// rows of u [lines][n] to columns of out [m][lines], with the sign
function pass(lines: i32, n: i32, x0: f64, hx: f64, u: usize, m: i32, y0: f64, hy: f64, sign: f64, out: usize, room: usize, px: usize, pu: usize): void {
  const long = (<usize>m) << 3;
  for (let i = 0; i < lines; i += 8) {
    const some = min(8, lines - i);
    for (let r = 0; r < some; r++) line(n, x0, hx, u + <usize>(i + r) * ((<usize>n) << 3), m, y0, hy, room + <usize>r * long, px, pu);
    for (let j = 0; j < m; j++) {
      const from = room + ((<usize>j) << 3);
      const to = out + ((<usize>j * <usize>lines + <usize>i) << 3);
      for (let r = 0; r < some; r++) store<f64>(to + ((<usize>r) << 3), sign * load<f64>(from + <usize>r * long));
    }
  }
}

// u [n0][n1] at (x0, x1) + (i h0, j h1) to out [m0][m1]; work: [m1 * n0], room: [8 * max(m0, m1) + 2 * max(n0, n1)]
export function legendre(
  n0: i32, n1: i32, x0: f64, x1: f64, h0: f64, h1: f64, u: usize,
  m0: i32, m1: i32, y0: f64, y1: f64, k0: f64, k1: f64, out: usize,
  work: usize, room: usize,
): void {
  const px = room + ((<usize>max(m0, m1)) << 6);
  const pu = px + ((<usize>max(n0, n1)) << 3);
  pass(n0, n1, x1, h1, u, m1, y1, k1, -1.0, work, room, px, pu);
  pass(m1, n0, x0, h0, work, m0, y0, k0, 1.0, out, room, px, pu);
}
