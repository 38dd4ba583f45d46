// The interpreter of kernels/tape.ts: one instruction over a block of rows at a time. Two lanes in float64, four in float32.
import { atan2, atan, acos, asin, tan } from "./math/trigonometric";
import { acosh, asinh, atanh, cosh, log1p, sinh } from "./math/exponential";
import { cbrt, hypot } from "./math/power";
import { erf, erfc, lgamma } from "./math/special";
import { add, div, mul, pick, S, sub } from "./lanes64";
import { cos, exp, expm1, log, pow, sin, tanh } from "./simd";

const BLOCK: i32 = 256;

// @ts-ignore: decorator
@inline
export function sign(x: v128): v128 {
  const one = v128.or(S(1.0), v128.and(x, S(-0.0)));
  return pick(f64x2.ne(x, S(0.0)), pick(f64x2.eq(x, x), one, x), x);
}
// @ts-ignore: decorator
@inline
export function powi(x: v128, n: i32): v128 {
  let power = S(1.0);
  for (let m = n < 0 ? -n : n; m > 0; m >>= 1) {
    if (m & 1) power = mul(power, x);
    x = mul(x, x);
  }
  return n < 0 ? div(S(1.0), power) : power;
}
export function scalar(op: i32, x: f64): f64 {
  switch (op) {
    case 23: return log1p(x);
    case 24: return tan(x);
    case 25: return asin(x);
    case 26: return acos(x);
    case 27: return atan(x);
    case 28: return sinh(x);
    case 29: return cosh(x);
    case 30: return asinh(x);
    case 31: return acosh(x);
    case 32: return atanh(x);
    case 33: return cbrt(x);
    case 34: return erf(x);
    case 35: return erfc(x);
    case 36: return lgamma(x);
    default: return NaN;
  }
}

// One instruction on `count` values (rounded up to two): a, b, c point to rows or, with a step of 0, to splats.
function instruction(op: i32, literal: i32, count: i32, out: usize, a: usize, sa: usize, b: usize, sb: usize, c: usize, sc: usize): void {
  // whole cache lines: rows are a block long, so what lies beyond count is there to be written
  const end = out + ((<usize>(count + 7) >> 3) << 6);
  switch (op) {
    case 0: // neg
      for (; out < end; out += 16, a += sa) v128.store(out, f64x2.neg(v128.load(a)));
      return;
    case 1: // abs
      for (; out < end; out += 16, a += sa) v128.store(out, f64x2.abs(v128.load(a)));
      return;
    case 2: // sqrt
      for (; out < end; out += 16, a += sa) v128.store(out, f64x2.sqrt(v128.load(a)));
      return;
    case 3: // floor
      for (; out < end; out += 16, a += sa) v128.store(out, f64x2.floor(v128.load(a)));
      return;
    case 4: // sign
      for (; out < end; out += 16, a += sa) v128.store(out, sign(v128.load(a)));
      return;
    case 5: // exp
      for (; out < end; out += 16, a += sa) v128.store(out, exp(v128.load(a)));
      return;
    case 6: // expm1
      for (; out < end; out += 16, a += sa) v128.store(out, expm1(v128.load(a)));
      return;
    case 7: // log
      for (; out < end; out += 16, a += sa) v128.store(out, log(v128.load(a)));
      return;
    case 8: // sin
      for (; out < end; out += 16, a += sa) v128.store(out, sin(v128.load(a)));
      return;
    case 9: // cos
      for (; out < end; out += 16, a += sa) v128.store(out, cos(v128.load(a)));
      return;
    case 10: // tanh
      for (; out < end; out += 16, a += sa) v128.store(out, tanh(v128.load(a)));
      return;
    case 11: // add
      if (sa !== 0 && sb !== 0) {
        for (; out < end; out += 64, a += 64, b += 64) {
          v128.store(out, add(v128.load(a, 0), v128.load(b, 0)), 0);
          v128.store(out, add(v128.load(a, 16), v128.load(b, 16)), 16);
          v128.store(out, add(v128.load(a, 32), v128.load(b, 32)), 32);
          v128.store(out, add(v128.load(a, 48), v128.load(b, 48)), 48);
        }
      }
      else if (sa !== 0) {
        const v = v128.load(b);
        for (; out < end; out += 64, a += 64) {
          v128.store(out, add(v128.load(a, 0), v), 0);
          v128.store(out, add(v128.load(a, 16), v), 16);
          v128.store(out, add(v128.load(a, 32), v), 32);
          v128.store(out, add(v128.load(a, 48), v), 48);
        }
      }
      else if (sb !== 0) {
        const u = v128.load(a);
        for (; out < end; out += 64, b += 64) {
          v128.store(out, add(u, v128.load(b, 0)), 0);
          v128.store(out, add(u, v128.load(b, 16)), 16);
          v128.store(out, add(u, v128.load(b, 32)), 32);
          v128.store(out, add(u, v128.load(b, 48)), 48);
        }
      }
      else {
        const u = add(v128.load(a), v128.load(b));
        for (; out < end; out += 16) v128.store(out, u);
      }
      return;
    case 12: // sub
      if (sa !== 0 && sb !== 0) {
        for (; out < end; out += 64, a += 64, b += 64) {
          v128.store(out, sub(v128.load(a, 0), v128.load(b, 0)), 0);
          v128.store(out, sub(v128.load(a, 16), v128.load(b, 16)), 16);
          v128.store(out, sub(v128.load(a, 32), v128.load(b, 32)), 32);
          v128.store(out, sub(v128.load(a, 48), v128.load(b, 48)), 48);
        }
      }
      else if (sa !== 0) {
        const v = v128.load(b);
        for (; out < end; out += 64, a += 64) {
          v128.store(out, sub(v128.load(a, 0), v), 0);
          v128.store(out, sub(v128.load(a, 16), v), 16);
          v128.store(out, sub(v128.load(a, 32), v), 32);
          v128.store(out, sub(v128.load(a, 48), v), 48);
        }
      }
      else if (sb !== 0) {
        const u = v128.load(a);
        for (; out < end; out += 64, b += 64) {
          v128.store(out, sub(u, v128.load(b, 0)), 0);
          v128.store(out, sub(u, v128.load(b, 16)), 16);
          v128.store(out, sub(u, v128.load(b, 32)), 32);
          v128.store(out, sub(u, v128.load(b, 48)), 48);
        }
      }
      else {
        const u = sub(v128.load(a), v128.load(b));
        for (; out < end; out += 16) v128.store(out, u);
      }
      return;
    case 13: // mul
      if (sa !== 0 && sb !== 0) {
        for (; out < end; out += 64, a += 64, b += 64) {
          v128.store(out, mul(v128.load(a, 0), v128.load(b, 0)), 0);
          v128.store(out, mul(v128.load(a, 16), v128.load(b, 16)), 16);
          v128.store(out, mul(v128.load(a, 32), v128.load(b, 32)), 32);
          v128.store(out, mul(v128.load(a, 48), v128.load(b, 48)), 48);
        }
      }
      else if (sa !== 0) {
        const v = v128.load(b);
        for (; out < end; out += 64, a += 64) {
          v128.store(out, mul(v128.load(a, 0), v), 0);
          v128.store(out, mul(v128.load(a, 16), v), 16);
          v128.store(out, mul(v128.load(a, 32), v), 32);
          v128.store(out, mul(v128.load(a, 48), v), 48);
        }
      }
      else if (sb !== 0) {
        const u = v128.load(a);
        for (; out < end; out += 64, b += 64) {
          v128.store(out, mul(u, v128.load(b, 0)), 0);
          v128.store(out, mul(u, v128.load(b, 16)), 16);
          v128.store(out, mul(u, v128.load(b, 32)), 32);
          v128.store(out, mul(u, v128.load(b, 48)), 48);
        }
      }
      else {
        const u = mul(v128.load(a), v128.load(b));
        for (; out < end; out += 16) v128.store(out, u);
      }
      return;
    case 14: // div
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, div(v128.load(a), v128.load(b)));
      return;
    case 15: // min
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, f64x2.min(v128.load(a), v128.load(b)));
      return;
    case 16: // max
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, f64x2.max(v128.load(a), v128.load(b)));
      return;
    case 17: // pow
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, pow(v128.load(a), v128.load(b)));
      return;
    case 18: // powi
      if (literal === 2) for (; out < end; out += 16, a += sa) v128.store(out, mul(v128.load(a), v128.load(a)));
      else for (; out < end; out += 16, a += sa) v128.store(out, powi(v128.load(a), literal));
      return;
    case 19: // less
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, v128.and(S(1.0), f64x2.lt(v128.load(a), v128.load(b))));
      return;
    case 20: // lessEqual
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, v128.and(S(1.0), f64x2.le(v128.load(a), v128.load(b))));
      return;
    case 21: // equal
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, v128.and(S(1.0), f64x2.eq(v128.load(a), v128.load(b))));
      return;
    case 22: // select
      for (; out < end; out += 16, a += sa, b += sb, c += sc) v128.store(out, pick(f64x2.ne(v128.load(a), S(0.0)), v128.load(b), v128.load(c)));
      return;
    case 37: // atan2
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, f64x2(atan2(load<f64>(a), load<f64>(b)), atan2(load<f64>(a, 8), load<f64>(b, 8))));
      return;
    case 38: // hypot
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, f64x2(hypot(load<f64>(a), load<f64>(b)), hypot(load<f64>(a, 8), load<f64>(b, 8))));
      return;
    default:
      for (; out < end; out += 16, a += sa) v128.store(out, f64x2(scalar(op, load<f64>(a)), scalar(op, load<f64>(a, 8))));
  }
}

// Registers stand at `registers`, rows of a whole block; constants as splats, the time first. Rows of x and out are `stride` values apart.
export function runTape(ops: usize, opsEnd: usize, constants: usize, registers: usize, inputs: i32, outputs: usize, rows: i32, n: i32, x: usize, out: usize, stride: i32, first: i32): void {
  const apart = <usize>stride << 3;
  const end = first + n;
  for (let i = first; i < end; i += BLOCK) {
    const count = min(BLOCK, end - i);
    let from = x + (<usize>i << 3);
    let step = apart;
    if (count < BLOCK) {
      // the last block is padded, so that the lanes beyond it read numbers
      for (let k = 0; k < inputs; k++) memory.copy(registers + (<usize>k << 11), from + <usize>k * apart, <usize>count << 3);
      from = registers;
      step = 2048;
    }
    for (let p = ops; p < opsEnd; p += 20) block(p, count, constants, registers, inputs, from, step);
    for (let k = 0; k < rows; k++) {
      const v = load<i32>(outputs + (<usize>k << 2));
      const target = out + <usize>k * apart + (<usize>i << 3);
      if (v < 0) for (let j = 0; j < count; j++) store<f64>(target + (<usize>j << 3), load<f64>(constants + (<usize>(-1 - v) << 4)));
      else memory.copy(target, v < inputs ? from + <usize>v * step : registers + (<usize>v << 11), <usize>count << 3);
    }
  }
}
// @ts-ignore: decorator
@inline
function place(v: i32, constants: usize, registers: usize, inputs: i32, x: usize, step: usize): usize {
  return v < 0 ? constants + (<usize>(-1 - v) << 4) : v < inputs ? x + <usize>v * step : registers + (<usize>v << 11);
}
export function block(p: usize, count: i32, constants: usize, registers: usize, inputs: i32, x: usize, step: usize): void {
  const op = load<i32>(p);
  const a = load<i32>(p, 8);
  const b = load<i32>(p, 12);
  const c = load<i32>(p, 16);
  instruction(
    op, b, count,
    registers + (<usize>load<i32>(p, 4) << 11),
    place(a, constants, registers, inputs, x, step), a < 0 ? 0 : 16,
    op === 18 ? 0 : place(b, constants, registers, inputs, x, step), b < 0 ? 0 : 16,
    place(c, constants, registers, inputs, x, step), c < 0 ? 0 : 16,
  );
}
