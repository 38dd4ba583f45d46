import type { Plugin } from "vite";

/** Shared memory needs an isolated page; the lab works without, so a static host that cannot set these headers is fine. */
export const isolated: Plugin = {
  name: "isolated",
  configureServer({ middlewares }) {
    middlewares.use((_request, response, next) => {
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
      response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
      next();
    });
  },
};
