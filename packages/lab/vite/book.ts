import type { ServerResponse } from "node:http";
import type { Plugin } from "vite";
import { figureBytes, figureNames, font, pages, style } from "../book/chapters.ts";

const SCRIPT = "src/book/book.ts";
/** name of the script among the entries of the build */
export const bookEntry: Readonly<Record<string, string>> = { book: SCRIPT };

/** The chapters of docs/book as pages beside the lab. */
export const book: Plugin = {
  name: "book",
  configureServer({ middlewares }) {
    const send = (response: ServerResponse, type: string, body: string | Uint8Array): void => {
      response.setHeader("Content-Type", type);
      response.end(body);
    };
    middlewares.use("/book", (request, response, next) => {
      const path = (request.url ?? "/").split("?")[0].replace(/^\//, "") || "index.html";
      const figure = /^figures\/([\w-]+\.svg)$/.exec(path)?.[1];
      try {
        if (figure && figureNames().includes(figure)) return send(response, "image/svg+xml", figureBytes(figure));
        if (path === font.name) return send(response, "font/woff2", font.bytes());
        if (path === "book.css") return send(response, "text/css", style());
        const page = pages(`../${SCRIPT}`).get(path);
        if (page) return send(response, "text/html; charset=utf-8", page.replace("../element.js", "../src/embed/element.ts"));
      } catch (error) {
        return next(error);
      }
      next();
    });
  },
  generateBundle(_options, bundle) {
    const script = Object.values(bundle).find((file) => file.type === "chunk" && file.isEntry && file.name === "book");
    if (!script) throw new Error("The script of the book is not among the entries.");
    const emit = (fileName: string, source: string | Uint8Array): string => this.emitFile({ type: "asset", fileName: `book/${fileName}`, source });
    for (const [name, page] of pages(`../${script.fileName}`)) emit(name, page);
    for (const file of figureNames()) emit(`figures/${file}`, figureBytes(file));
    emit(font.name, font.bytes());
    emit("book.css", style());
  },
};
