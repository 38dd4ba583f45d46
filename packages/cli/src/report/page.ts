import { createHash } from "node:crypto";
import { tag, text } from "./html.ts";
import { style } from "./style.ts";

/** A whole page that asks nothing of the network: a policy in its head forbids it. */
export function page(title: string, body: string, script = ""): string {
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'${script ? `; script-src 'sha256-${hash}'` : ""}`;
  return [
    "<!doctype html>\n",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${text(policy)}">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="generator" content="ottoflow">',
    tag("title", {}, text(title)),
    `<style>${style}</style></head><body><main>`,
    body,
    "</main>",
    script ? `<script>${script}</script>` : "",
    "</body></html>\n",
  ].join("");
}
