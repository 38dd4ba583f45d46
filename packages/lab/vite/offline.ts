import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** The service that keeps the page for times without a network: it knows every file of this build. */
export const offline: Plugin = {
  name: "offline",
  apply: "build",
  generateBundle: {
    order: "post",
    handler(_options, bundle) {
      const files = ["./", ...Object.keys(bundle).filter((file) => !/^(?:service\.js|index\.html)$|\.map$/.test(file))].sort();
      const version = createHash("sha256").update(files.join()).digest("hex").slice(0, 12);
      const source = readFileSync(new URL("../src/offline/service.js", import.meta.url), "utf8");
      this.emitFile({ type: "asset", fileName: "service.js", source: source.replace('["FILES"]', () => JSON.stringify(files)).replace("VERSION", version) });
    },
  },
};
