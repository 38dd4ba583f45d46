/** The local server of the lab: it answers for its folder and the given spec, on loopback, and for nothing else. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveLab } from "../src/commands/lab.ts";
import { readSpec } from "../src/files.ts";
import { testTerminal } from "./terminal.ts";

let root: string;
let server: Server;
let port: number;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "ottoflow-lab-"));
  mkdirSync(join(root, "page/assets"), { recursive: true });
  mkdirSync(join(root, "work/data"), { recursive: true });
  writeFileSync(join(root, "secret.txt"), "secret");
  writeFileSync(join(root, "page/index.html"), "<p>page</p>");
  writeFileSync(join(root, "page/assets/a.js"), "1;");
  mkdirSync(join(root, "page/book"));
  writeFileSync(join(root, "page/book/index.html"), "<p>book</p>");
  writeFileSync(join(root, "work/flow.json"), JSON.stringify({ energy: ["entropy"], initial: { kind: "samples", file: "data/x.csv" } }));
  writeFileSync(join(root, "work/data/x.csv"), "x\n1\n");
  symlinkSync(join(root, "secret.txt"), join(root, "work/data/link.csv"));
  server = await serveLab(join(root, "page"), await readSpec("work/flow.json", testTerminal(root)), 4390, true);
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true, force: true });
});

/** By hand: fetch would mend paths and forbid another host's name. */
function ask(
  path: string,
  options: { readonly method?: string; readonly host?: string } = {},
): Promise<{ status: number; body: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path, method: options.method ?? "GET", headers: options.host === undefined ? {} : { host: options.host } },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => (body += part));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
      },
    );
    sent.on("error", reject);
    sent.end();
  });
}

test("listens on loopback only", () => expect((server.address() as AddressInfo).address).toBe("127.0.0.1"));
test("serves the page, isolated and under a policy", async () => {
  const { status, body, headers } = await ask("/");
  expect([status, body]).toEqual([200, "<p>page</p>"]);
  expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
  expect(headers["cross-origin-embedder-policy"]).toBe("require-corp");
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect((await ask("/assets/a.js?x")).headers["content-type"]).toContain("text/javascript");
  // live panels of the book are frames of the same folder
  expect(headers["content-security-policy"]).toContain("frame-src 'self';");
  expect((await ask("/book/")).body).toBe("<p>book</p>");
  expect((await ask("/", { method: "HEAD" })).body).toBe("");
});
test("serves the spec it was opened with, and the files beside it", async () => {
  expect(JSON.parse((await ask("/given/spec.json")).body).energy).toEqual(["entropy"]);
  expect((await ask("/given/files/data/x.csv")).body).toBe("x\n1\n");
});
describe("nothing else", () => {
  test.each([
    ["a path that climbs", "/../secret.txt", 404],
    ["a path that climbs, in disguise", "/%2e%2e/secret.txt", 404],
    ["a path that climbs, in another one", "/assets/..%2f..%2fsecret.txt", 404],
    ["a path that climbs, with the other slash", "/..%5csecret.txt", 400],
    ["a broken escape", "/%zz", 400],
    ["a zero byte", "/a%00.js", 400],
    ["a folder", "/assets", 404],
    ["a file outside the spec's folder", "/given/files/../secret.txt", 404],
    ["a link that leads out", "/given/files/data/link.csv", 404],
    ["an absolute path", "/given/files//etc/hostname", 404],
  ])("%s", async (_, path, status) => {
    const { status: got, body } = await ask(path);
    expect(got).toBe(status);
    expect(body).not.toContain("secret");
  });
  test("another name for this machine is refused", async () => expect((await ask("/", { host: "evil.example" })).status).toBe(403));
  test("nothing is taken", async () => expect((await ask("/", { method: "POST" })).status).toBe(405));
});
test("a port in use is passed over, or named where it was asked for", async () => {
  const other = await serveLab(join(root, "page"), null, port, true);
  expect((other.address() as AddressInfo).port).toBeGreaterThan(port);
  await new Promise((resolve) => other.close(resolve));
  await expect(serveLab(join(root, "page"), null, port, false)).rejects.toThrow("in use");
});
