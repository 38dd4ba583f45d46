/** What the title of an image of the book says: a caption, a live flow, or a tool of the lab. */
import { deflateRawSync } from "node:zlib";
import { LINK_VERSION } from "../src/link/codec.ts";
import { usualView, type View } from "../src/stage/view.ts";
import type { Seen } from "../src/state/seen.ts";

export interface Live {
  readonly kind: "live";
  /** name of a card of the gallery */
  readonly flow: string;
  readonly variant?: string;
  readonly beside?: string;
  /** "step", or switches of the stage */
  readonly view: readonly string[];
  /** what stands around the stage */
  readonly controls: string;
}
export interface ToolPanel {
  readonly kind: "tool";
  readonly tool: string;
}
export interface Still {
  readonly kind: "still";
  readonly caption: string;
}
export type Panel = Live | ToolPanel | Still;

/** @throws in words for a title that means to be a panel and is none */
export function readPanel(title: string): Panel {
  const tool = /^tool:\s*([\w-]+)$/.exec(title);
  if (tool) return { kind: "tool", tool: tool[1] };
  if (!/^(?:live|tool):/.test(title)) return { kind: "still", caption: title };
  const [flow = "", ...rest] = title.replace(/^\w+:/, "").trim().split(/\s+/);
  if (!/^(?:paths\/)?[\w-]+$/.test(flow)) throw new Error(`"${title}" names no card. Write "live: heat-gaussian".`);
  const known = ["variant", "beside", "view", "controls"];
  const said: Record<string, string> = {};
  for (const word of rest) {
    const [, key = "", value = ""] = /^(\w+)=(.+)$/.exec(word) ?? [];
    if (!known.includes(key)) throw new Error(`"${word}" in "${title}" is not understood. There are ${known.map((k) => `${k}=…`).join(", ")}.`);
    said[key] = value;
  }
  const spaced = (key: string): Record<string, string> => (said[key] === undefined ? {} : { [key]: said[key].replaceAll("_", " ") });
  const view = (said.view ?? "").split(",").filter(Boolean);
  const wrong = view.find((word) => word !== "step" && !Object.hasOwn(usualView, word.replace(/^-/, "")));
  if (wrong !== undefined) throw new Error(`view=${wrong} in "${title}" is none of step, ${Object.keys(usualView).join(", ")}.`);
  return { kind: "live", flow, ...spaced("variant"), ...spaced("beside"), view, controls: (said.controls ?? "time").replaceAll(",", " ") };
}

/** How the lab is to show it. */
export function seenOf(panel: Live | ToolPanel): Seen {
  if (panel.kind === "tool") return { tool: { name: panel.tool, values: {} } };
  const marks = Object.fromEntries(
    panel.view.filter((word) => word !== "step").map((word) => [word.replace(/^-/, ""), !word.startsWith("-")]),
  ) as Partial<View>;
  return {
    ...(panel.variant && { variant: panel.variant }),
    ...(panel.beside && { beside: { variant: panel.beside } }),
    ...(Object.keys(marks).length > 0 && { marks }),
    ...(panel.view.includes("step") && { scope: { tau: 0, iterate: -1 } }),
  };
}

/** The hash of a link of the lab, as link/codec.ts makes them in a page. */
export function linkOf(spec: unknown, panel: Live | ToolPanel): string {
  const seen = seenOf(panel);
  const text = JSON.stringify({ spec, ...(Object.keys(seen).length > 0 && { view: seen }) });
  return `#${LINK_VERSION}.${deflateRawSync(text, { level: 9 }).toString("base64url")}`;
}
