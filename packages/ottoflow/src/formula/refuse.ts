import { OttoflowError } from "../errors.ts";

const room = 60;

/** A FormulaError whose message shows the place with a caret line; never returns. `unknown`: the name that nobody knows. */
export function refuse(text: string, at: number, end: number, what: string, unknown?: string): never {
  const from = Math.max(0, Math.min(at, text.length) - room);
  const to = Math.min(text.length, at + room);
  const head = from > 0 ? "…" : "";
  const tail = to < text.length ? "…" : "";
  // control characters would break the alignment of the caret line
  const shown = [...text.slice(from, to)].map((c) => (c < " " ? " " : c)).join("");
  const before = [...text.slice(from, Math.min(at, text.length))].length;
  const marked = Math.max(1, [...text.slice(at, Math.min(end, to))].length);
  const caret = " ".repeat(head.length + before) + "^".repeat(marked);
  throw new OttoflowError("FormulaError", `${what}\n  ${head}${shown}${tail}\n  ${caret}`, {
    formula: text.slice(0, 10_000),
    offset: at,
    ...(unknown === undefined ? {} : { unknown }),
  });
}
