// The interpreter of kernels/tape.ts in float32: four lanes. Every instruction is the float64 one on float32 operands, rounded once;
// for + - * / and the square root that is the float32 operation itself.
import { atan2 } from "./math/trigonometric";
import { hypot } from "./math/power";
import { cos, exp, expm1, log, pow, sin, tanh } from "./simd";
import { powi, scalar, sign } from "./tape";

// @ts-ignore: decorator
@inline
function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}
// @ts-ignore: decorator
@inline
function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1));
}
// @ts-ignore: decorator
@inline
function join(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 2);
}
function lane(x: usize, l: usize): f64 {
  return <f64>load<f32>(x + (l << 2));
}

function instruction(op: i32, literal: i32, count: i32, out: usize, a: usize, sa: usize, b: usize, sb: usize, c: usize, sc: usize): void {
  const end = out + ((<usize>(count + 15) >> 4) << 6);
  switch (op) {
    case 0: // neg
      for (; out < end; out += 16, a += sa) v128.store(out, f32x4.neg(v128.load(a)));
      return;
    case 1: // abs
      for (; out < end; out += 16, a += sa) v128.store(out, f32x4.abs(v128.load(a)));
      return;
    case 2: // sqrt
      for (; out < end; out += 16, a += sa) v128.store(out, f32x4.sqrt(v128.load(a)));
      return;
    case 3: // floor
      for (; out < end; out += 16, a += sa) v128.store(out, f32x4.floor(v128.load(a)));
      return;
    case 5: // exp
      for (; out < end; out += 16, a += sa) v128.store(out, join(exp(low(v128.load(a))), exp(high(v128.load(a)))));
      return;
    case 6: // expm1
      for (; out < end; out += 16, a += sa) v128.store(out, join(expm1(low(v128.load(a))), expm1(high(v128.load(a)))));
      return;
    case 7: // log
      for (; out < end; out += 16, a += sa) v128.store(out, join(log(low(v128.load(a))), log(high(v128.load(a)))));
      return;
    case 8: // sin
      for (; out < end; out += 16, a += sa) v128.store(out, join(sin(low(v128.load(a))), sin(high(v128.load(a)))));
      return;
    case 9: // cos
      for (; out < end; out += 16, a += sa) v128.store(out, join(cos(low(v128.load(a))), cos(high(v128.load(a)))));
      return;
    case 10: // tanh
      for (; out < end; out += 16, a += sa) v128.store(out, join(tanh(low(v128.load(a))), tanh(high(v128.load(a)))));
      return;
    case 4: // sign
      for (; out < end; out += 16, a += sa) v128.store(out, join(sign(low(v128.load(a))), sign(high(v128.load(a)))));
      return;
    case 11: // add
      if (sa !== 0 && sb !== 0) {
        for (; out < end; out += 64, a += 64, b += 64) {
          v128.store(out, f32x4.add(v128.load(a, 0), v128.load(b, 0)), 0);
          v128.store(out, f32x4.add(v128.load(a, 16), v128.load(b, 16)), 16);
          v128.store(out, f32x4.add(v128.load(a, 32), v128.load(b, 32)), 32);
          v128.store(out, f32x4.add(v128.load(a, 48), v128.load(b, 48)), 48);
        }
      }
      else if (sa !== 0) {
        const v = v128.load(b);
        for (; out < end; out += 64, a += 64) {
          v128.store(out, f32x4.add(v128.load(a, 0), v), 0);
          v128.store(out, f32x4.add(v128.load(a, 16), v), 16);
          v128.store(out, f32x4.add(v128.load(a, 32), v), 32);
          v128.store(out, f32x4.add(v128.load(a, 48), v), 48);
        }
      }
      else if (sb !== 0) {
        const u = v128.load(a);
        for (; out < end; out += 64, b += 64) {
          v128.store(out, f32x4.add(u, v128.load(b, 0)), 0);
          v128.store(out, f32x4.add(u, v128.load(b, 16)), 16);
          v128.store(out, f32x4.add(u, v128.load(b, 32)), 32);
          v128.store(out, f32x4.add(u, v128.load(b, 48)), 48);
        }
      }
      else {
        const u = f32x4.add(v128.load(a), v128.load(b));
        for (; out < end; out += 16) v128.store(out, u);
      }
      return;
    case 12: // sub
      if (sa !== 0 && sb !== 0) {
        for (; out < end; out += 64, a += 64, b += 64) {
          v128.store(out, f32x4.sub(v128.load(a, 0), v128.load(b, 0)), 0);
          v128.store(out, f32x4.sub(v128.load(a, 16), v128.load(b, 16)), 16);
          v128.store(out, f32x4.sub(v128.load(a, 32), v128.load(b, 32)), 32);
          v128.store(out, f32x4.sub(v128.load(a, 48), v128.load(b, 48)), 48);
        }
      }
      else if (sa !== 0) {
        const v = v128.load(b);
        for (; out < end; out += 64, a += 64) {
          v128.store(out, f32x4.sub(v128.load(a, 0), v), 0);
          v128.store(out, f32x4.sub(v128.load(a, 16), v), 16);
          v128.store(out, f32x4.sub(v128.load(a, 32), v), 32);
          v128.store(out, f32x4.sub(v128.load(a, 48), v), 48);
        }
      }
      else if (sb !== 0) {
        const u = v128.load(a);
        for (; out < end; out += 64, b += 64) {
          v128.store(out, f32x4.sub(u, v128.load(b, 0)), 0);
          v128.store(out, f32x4.sub(u, v128.load(b, 16)), 16);
          v128.store(out, f32x4.sub(u, v128.load(b, 32)), 32);
          v128.store(out, f32x4.sub(u, v128.load(b, 48)), 48);
        }
      }
      else {
        const u = f32x4.sub(v128.load(a), v128.load(b));
        for (; out < end; out += 16) v128.store(out, u);
      }
      return;
    case 13: // mul
      if (sa !== 0 && sb !== 0) {
        for (; out < end; out += 64, a += 64, b += 64) {
          v128.store(out, f32x4.mul(v128.load(a, 0), v128.load(b, 0)), 0);
          v128.store(out, f32x4.mul(v128.load(a, 16), v128.load(b, 16)), 16);
          v128.store(out, f32x4.mul(v128.load(a, 32), v128.load(b, 32)), 32);
          v128.store(out, f32x4.mul(v128.load(a, 48), v128.load(b, 48)), 48);
        }
      }
      else if (sa !== 0) {
        const v = v128.load(b);
        for (; out < end; out += 64, a += 64) {
          v128.store(out, f32x4.mul(v128.load(a, 0), v), 0);
          v128.store(out, f32x4.mul(v128.load(a, 16), v), 16);
          v128.store(out, f32x4.mul(v128.load(a, 32), v), 32);
          v128.store(out, f32x4.mul(v128.load(a, 48), v), 48);
        }
      }
      else if (sb !== 0) {
        const u = v128.load(a);
        for (; out < end; out += 64, b += 64) {
          v128.store(out, f32x4.mul(u, v128.load(b, 0)), 0);
          v128.store(out, f32x4.mul(u, v128.load(b, 16)), 16);
          v128.store(out, f32x4.mul(u, v128.load(b, 32)), 32);
          v128.store(out, f32x4.mul(u, v128.load(b, 48)), 48);
        }
      }
      else {
        const u = f32x4.mul(v128.load(a), v128.load(b));
        for (; out < end; out += 16) v128.store(out, u);
      }
      return;
    case 14: // div
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, f32x4.div(v128.load(a), v128.load(b)));
      return;
    case 15: // min
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, f32x4.min(v128.load(a), v128.load(b)));
      return;
    case 16: // max
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, f32x4.max(v128.load(a), v128.load(b)));
      return;
    case 17: // pow
      for (; out < end; out += 16, a += sa, b += sb) {
        const x = v128.load(a);
        const y = v128.load(b);
        v128.store(out, join(pow(low(x), low(y)), pow(high(x), high(y))));
      }
      return;
    case 18: // powi
      if (literal === 2) for (; out < end; out += 16, a += sa) v128.store(out, f32x4.mul(v128.load(a), v128.load(a)));
      else for (; out < end; out += 16, a += sa) v128.store(out, join(powi(low(v128.load(a)), literal), powi(high(v128.load(a)), literal)));
      return;
    case 19: // less
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, v128.and(f32x4.splat(1.0), f32x4.lt(v128.load(a), v128.load(b))));
      return;
    case 20: // lessEqual
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, v128.and(f32x4.splat(1.0), f32x4.le(v128.load(a), v128.load(b))));
      return;
    case 21: // equal
      for (; out < end; out += 16, a += sa, b += sb) v128.store(out, v128.and(f32x4.splat(1.0), f32x4.eq(v128.load(a), v128.load(b))));
      return;
    case 22: // select
      for (; out < end; out += 16, a += sa, b += sb, c += sc) v128.store(out, v128.bitselect(v128.load(b), v128.load(c), f32x4.ne(v128.load(a), f32x4.splat(0.0))));
      return;
    case 37: // atan2
      for (; out < end; out += 16, a += sa, b += sb) for (let l: usize = 0; l < 4; l++) store<f32>(out + (l << 2), <f32>atan2(lane(a, l), lane(b, l)));
      return;
    case 38: // hypot
      for (; out < end; out += 16, a += sa, b += sb) for (let l: usize = 0; l < 4; l++) store<f32>(out + (l << 2), <f32>hypot(lane(a, l), lane(b, l)));
      return;
    default:
      for (; out < end; out += 16, a += sa) for (let l: usize = 0; l < 4; l++) store<f32>(out + (l << 2), <f32>scalar(op, lane(a, l)));
  }
}

// @ts-ignore: decorator
@inline
export function place32(v: i32, constants: usize, registers: usize): usize {
  return v < 0 ? constants + (<usize>(-1 - v) << 4) : registers + (<usize>v << 10);
}
export function block32(p: usize, count: i32, constants: usize, registers: usize): void {
  const op = load<i32>(p);
  const a = load<i32>(p, 8);
  const b = load<i32>(p, 12);
  const c = load<i32>(p, 16);
  instruction(
    op, b, count,
    registers + (<usize>load<i32>(p, 4) << 10),
    place32(a, constants, registers), a < 0 ? 0 : 16,
    op === 18 ? 0 : place32(b, constants, registers), b < 0 ? 0 : 16,
    place32(c, constants, registers), c < 0 ? 0 : 16,
  );
}
