import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { book, bookEntry } from "./vite/book.ts";
import { gallery } from "./vite/gallery.ts";
import { hexadecimal } from "./vite/hexadecimal.ts";
import { isolated } from "./vite/isolated.ts";
import { offline } from "./vite/offline.ts";

export default defineConfig({
  // relative addresses: the built lab works from any folder of any static host
  base: "./",
  plugins: [svelte(), gallery, book, isolated, hexadecimal, offline],
  resolve: { conditions: ["source", "browser", "module", "import", "default"] },
  worker: { format: "es", plugins: () => [hexadecimal] },
  build: {
    target: "es2023",
    assetsInlineLimit: 0,
    // browsers of this target know it themselves
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    rolldownOptions: {
      input: { index: "index.html", embed: "embed.html", element: "src/embed/element.ts", ...bookEntry },
      // pages elsewhere name the element by its address, which stays
      output: { entryFileNames: (entry) => (entry.name === "element" ? "element.js" : "assets/[name]-[hash].js") },
    },
  },
  server: { fs: { allow: ["../.."] } },
});
