// w(y) = max_x x . y - u(x) over two grids, and where the maximum is.

function line(n: i32, x0: f64, hx: f64, u: usize, m: i32, y0: f64, hy: f64, out: usize, arg: usize, px: usize, pu: usize): void {
  let top: usize = 0;
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
  while (true) {
    let dx: f64 = 0, du: f64 = Infinity, xb = xa, ub = ua;
    if (k < last) {
      xb = load<f64>(px + k + 8);
      ub = load<f64>(pu + k + 8);
      dx = (xb - xa) * hx;
      du = ub - ua;
    }
    const at = x0 + xa * hx;
    const place = <i32>xa;
    while (j < m) {
      const y = y0 + <f64>j * hy;
      if (du <= y * dx) break;
      store<f64>(out + ((<usize>j) << 3), at * y - ua);
      store<i32>(arg + ((<usize>j) << 2), place);
      j++;
    }
    if (j == m) return;
    xa = xb;
    ua = ub;
    k += 8;
  }
}

// u [n0][n1] to value [m0][m1] and arg, the place of the maximum among the points; work: [m1 * n0], index: i32 [m1 * n0],
// room: f64 [16 * max(m0, m1) + 2 * max(n0, n1)]. Eight lines at a time, so that what is turned is written by cache lines.
export function best(
  n0: i32, n1: i32, x0: f64, x1: f64, h0: f64, h1: f64, u: usize,
  m0: i32, m1: i32, y0: f64, y1: f64, k0: f64, k1: f64, value: usize, arg: usize, work: usize, index: usize, room: usize,
): void {
  const long = (<usize>max(m0, m1)) << 3;
  const places = room + 8 * long;
  const px = places + 8 * long;
  const pu = px + ((<usize>max(n0, n1)) << 3);
  for (let i = 0; i < n0; i += 8) {
    const some = min(8, n0 - i);
    for (let r = 0; r < some; r++)
      line(n1, x1, h1, u + ((<usize>(i + r) * <usize>n1) << 3), m1, y1, k1, room + <usize>r * long, places + <usize>r * long, px, pu);
    for (let j = 0; j < m1; j++) {
      const o = <usize>j * <usize>n0 + <usize>i;
      const f = room + ((<usize>j) << 3), g = places + ((<usize>j) << 2);
      for (let r = 0; r < some; r++) {
        store<f64>(work + ((o + <usize>r) << 3), -load<f64>(f + <usize>r * long));
        store<i32>(index + ((o + <usize>r) << 2), load<i32>(g + <usize>r * long));
      }
    }
  }
  for (let j = 0; j < m1; j += 8) {
    const some = min(8, m1 - j);
    for (let r = 0; r < some; r++)
      line(n0, x0, h0, work + ((<usize>(j + r) * <usize>n0) << 3), m0, y0, k0, room + <usize>r * long, places + <usize>r * long, px, pu);
    for (let i = 0; i < m0; i++) {
      const o = <usize>i * <usize>m1 + <usize>j;
      const f = room + ((<usize>i) << 3), g = places + ((<usize>i) << 2);
      for (let r = 0; r < some; r++) {
        const row = load<i32>(g + <usize>r * long);
        store<f64>(value + ((o + <usize>r) << 3), load<f64>(f + <usize>r * long));
        store<i32>(arg + ((o + <usize>r) << 2), row * n1 + load<i32>(index + ((<usize>(j + r) * <usize>n0 + <usize>row) << 2)));
      }
    }
  }
}
