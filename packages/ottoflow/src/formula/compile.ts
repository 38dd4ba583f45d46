/** From the graph to a tape of instructions over rows. */
import type { Rows, Tape } from "../contract.ts";
import type { Opcode } from "../kernels/tape/opcodes.ts";
import { type Argument, type Instruction, makeTape, runTape } from "../kernels/tape.ts";
import { ordered } from "./graph.ts";
import { type Node, time } from "./node.ts";

/** out: [results * n] */
export interface Program {
  (n: number, x: Rows, t: number, out: Rows): void;
  readonly tape: Tape;
}

/** Rows of several expressions that share their common parts; `inputs` rows of points. Allocates nothing when it runs, but for the registers of the largest tape. */
export function compile(inputs: number, roots: readonly Node[]): Program {
  const list: Instruction[] = [];
  const place = new Map<Node, Argument>();
  const emit = (op: Opcode, ...args: Argument[]): Argument => ({ value: list.push({ op, args }) - 1 });
  for (const n of ordered(roots))
    place.set(
      n,
      instruction(
        n,
        n.args.map((a) => place.get(a)!),
        emit,
      ),
    );
  const tape = makeTape(
    inputs,
    list,
    roots.map((r) => place.get(r)!),
  );
  let copy = new Float64Array(0);
  const run = (n: number, x: Rows, t: number, out: Rows): void => {
    if (x === out) {
      // pointwise maps may be asked to work in place, a tape may not
      if (copy.length < inputs * n) copy = new Float64Array(inputs * n);
      for (let i = 0; i < inputs * n; i++) copy[i] = x[i]!;
    }
    runTape(tape, n, x === out ? copy : x, t, out);
  };
  return Object.assign(run, { tape });
}

const constant = (value: number): Argument => ({ constant: value });

function instruction(n: Node, args: readonly Argument[], emit: (op: Opcode, ...args: Argument[]) => Argument): Argument {
  const [a, b] = args as [Argument, Argument];
  switch (n.op) {
    case "const":
      return constant(n.value);
    case "var":
      return n.value === time ? "t" : { input: n.value };
    case "powi":
      return n.value === 2 ? emit("mul", a, a) : emit("powi", a, { whole: n.value });
    case "pow":
      return n.args[1]!.op === "const" && n.args[1]!.value === -0.5 ? emit("div", constant(1), emit("sqrt", a)) : emit("pow", a, b);
    case "over":
      return emit("select", emit("equal", b, constant(0)), constant(0), emit("div", a, b));
    case "norm":
      return emit(
        "sqrt",
        args.map((u) => emit("mul", u, u)).reduce((s, u) => emit("add", s, u)),
      );
    case "iflt":
      return emit("select", emit("less", a, b), args[2]!, args[3]!);
    case "ifle":
      return emit("select", emit("lessEqual", a, b), args[2]!, args[3]!);
    case "step":
    case "gate":
      return emit("lessEqual", constant(0), a);
    case "side":
      return emit("sign", a);
    case "spike":
    case "jump":
    case "cut":
      return constant(0);
    default:
      return emit(n.op, ...args);
  }
}
