/** Tables as CSV and LaTeX. */
import { formatNumber } from "ottoflow/io/figure/number";
import { tag, text } from "./report/html.ts";

export type Value = string | number | null;
export interface TableOf {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

export function csvTable({ columns, rows }: TableOf): string {
  const cell = (value: Value): string => {
    const written = value === null || (typeof value === "number" && Number.isNaN(value)) ? "" : String(value);
    return /[",\n\r]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
  };
  return `${[columns, ...rows].map((row) => row.map(cell).join(",")).join("\n")}\n`;
}

/** A tabular for the booktabs package; numbers with four digits, powers of ten as such. */
export function latexTable({ columns, rows }: TableOf): string {
  const escaped = (value: string): string =>
    value.replace(/[\\{}&%$#_^~]/g, (c) =>
      c === "\\" ? "\\textbackslash{}" : c === "^" ? "\\textasciicircum{}" : c === "~" ? "\\textasciitilde{}" : `\\${c}`,
    );
  const cell = (value: Value): string => {
    if (value === null || (typeof value === "number" && Number.isNaN(value))) return "--";
    if (typeof value === "string") return escaped(value);
    if (!Number.isFinite(value)) return value > 0 ? "$\\infty$" : "$-\\infty$";
    const [mantissa, exponent] = value.toExponential(3).split("e");
    const k = Number(exponent);
    return value !== 0 && (k < -3 || k > 4) ? `$${mantissa}\\cdot 10^{${k}}$` : `$${Number(value.toPrecision(4))}$`;
  };
  const lines = rows.map((row) => `  ${row.map(cell).join(" & ")} \\\\`);
  return `\\begin{tabular}{${columns.map(() => "r").join("")}}\n  \\toprule\n  ${columns.map(escaped).join(" & ")} \\\\\n  \\midrule\n${lines.join("\n")}\n  \\bottomrule\n\\end{tabular}\n`;
}

export function textTable({ columns, rows }: TableOf): string {
  const cells = [columns, ...rows.map((row) => row.map(words))];
  const widths = columns.map((_, k) => Math.max(...cells.map((row) => [...row[k]].length)));
  return cells
    .map((row) =>
      row.map((value, k) => (k === 0 ? value + " ".repeat(widths[k] - [...value].length) : " ".repeat(widths[k] - [...value].length) + value)).join("  "),
    )
    .join("\n");
}

/** Each row becomes a card on a phone: its first cell heads it, the others say which column they are. */
export function htmlTable({ columns, rows }: TableOf, name: string): string {
  const head = columns.map((column) => tag("th", { scope: "col", class: "number" }, text(column)));
  const cell = (value: Value, k: number): string =>
    k === 0
      ? tag("th", { scope: "row" }, text(words(value)))
      : tag("td", { class: `number ${value === "agree" || value === "differ" ? value : ""}`.trim(), "data-label": columns[k] }, text(words(value)));
  return tag(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": name },
    tag("table", { class: "cards" }, tag("thead", {}, tag("tr", {}, ...head)), tag("tbody", {}, ...rows.map((row) => tag("tr", {}, ...row.map(cell))))),
  );
}
export function words(value: Value): string {
  return value === null || (typeof value === "number" && Number.isNaN(value)) ? "–" : typeof value === "number" ? formatNumber(value, 4) : value;
}
