import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { specError } from "ottoflow/errors";
import { type ExitCode, exitCodes, runError } from "../exit.ts";
import { fileReader, readSpec, type SpecSource } from "../files.ts";
import { painter, safe, type Terminal } from "../terminal.ts";

export interface LabOptions {
  readonly port?: number;
  readonly json?: boolean;
}
const usualPort = 4180;

/** `ottoflow lab [SPEC or RUN]`: the lab on a local address, until it is interrupted. */
export async function labCommand(name: string | undefined, options: LabOptions, terminal: Terminal): Promise<ExitCode> {
  const source = name === undefined ? null : await readSpec(name, terminal);
  const server = await serveLab(labFolder(), source, options.port ?? usualPort, options.port === undefined);
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}/${source ? "?given" : ""}`;
  if (options.json) terminal.out(`${JSON.stringify({ status: "serving", address, port })}\n`);
  else terminal.out(`The lab: ${painter(terminal)("bold", address)}\n`);
  const book = `http://127.0.0.1:${port}/book/`;
  if (!options.json) terminal.log(`The book: ${book}\n${source ? `opens on ${safe(source.name)}; ` : ""}Ctrl-C ends it\n`);
  await new Promise<void>((resolve) => {
    const release = terminal.onInterrupt(() => {
      release();
      resolve();
    });
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return exitCodes.done;
}

/** The built page: beside the command in a clone, a package of its own when installed. */
export function labFolder(): string {
  const page = fileURLToPath(import.meta.resolve("ottoflow-lab/dist/index.html"));
  if (!existsSync(page)) throw runError(page, "The lab has not been built here. In a clone: npm run lab.");
  return dirname(page);
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".csv": "text/csv; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};
const headers: Readonly<Record<string, string>> = {
  // isolated, so that threads may share memory
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self' blob:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-cache",
};

/** Listens on loopback only. @throws {RunError} where the port is taken and no other may be chosen */
export async function serveLab(folder: string, source: SpecSource | null, port: number, orNext: boolean): Promise<Server> {
  for (let at = port; ; at++) {
    const server = createServer((request, response) => {
      answer(folder, source, request, response).catch(() => end(response, 500, "The file could not be read."));
    });
    const failure = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      server.once("error", resolve);
      server.listen(at, "127.0.0.1", () => resolve(null));
    });
    if (failure === null) return server;
    if (failure.code !== "EADDRINUSE") throw failure;
    if (!orNext || at >= port + 50) throw specError("--port", `${at} is in use. Choose another.`);
  }
}

async function answer(folder: string, source: SpecSource | null, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") return end(response, 405, "Only GET.");
  // a page elsewhere that points its own name at this machine is not answered
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? "")) return end(response, 403, "Ask for 127.0.0.1.");
  const path = decoded(request.url ?? "/");
  if (path === null) return end(response, 400, "That is no path.");
  const bytes = path.startsWith("/given/") ? await given(source, path.slice("/given/".length)) : await stored(folder, path);
  if (!bytes) return end(response, 404, "There is no such file.");
  const type = types[extname(filed(path)).toLowerCase()] ?? "application/octet-stream";
  response.writeHead(200, { ...headers, "Content-Type": type, "Content-Length": bytes.length });
  response.end(request.method === "HEAD" ? undefined : bytes);
}
function decoded(url: string): string | null {
  try {
    const path = decodeURIComponent(url.split(/[?#]/)[0]);
    return path.includes("\0") || path.includes("\\") ? null : path;
  } catch {
    return null;
  }
}
/** A folder is its page. */
const filed = (path: string): string => (path.endsWith("/") ? `${path}index.html` : path);
async function stored(folder: string, path: string): Promise<Uint8Array | null> {
  const full = normalize(join(folder, filed(path)));
  if (!full.startsWith(folder + sep)) return null;
  return readFile(full).catch(() => null);
}
/** The spec that the lab was opened with, and the files that it may read. */
async function given(source: SpecSource | null, path: string): Promise<Uint8Array | null> {
  if (!source) return null;
  if (path === "spec.json") return new TextEncoder().encode(JSON.stringify(source.json));
  if (!path.startsWith("files/")) return null;
  return fileReader(source)(path.slice("files/".length)).catch(() => null);
}
function end(response: ServerResponse, code: number, words: string): void {
  if (response.headersSent) response.end();
  else response.writeHead(code, { ...headers, "Content-Type": "text/plain; charset=utf-8" }).end(`${words}\n`);
}
