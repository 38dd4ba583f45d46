/// <reference lib="dom" />
/** What goes in and out of the built page: painted and dropped measures, exports, and the page inside other pages. */
import { unzipSync } from "fflate";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { decodeLink } from "../../src/link/codec.ts";
import { command, linkOf, numbers, plane, slow } from "./flows.ts";
import { onSite } from "./site.ts";
import { button, goTo, next, PATIENCE, reading, rested, saved, shared, soon, told } from "./visit.ts";

onSite("what goes in and out of the page", (site) => {
  const at = (act: (page: Page) => Promise<void>): Promise<void> => site.ended(plane, act);

  test("a painted flow fits in its link, and the command runs it to the same numbers", () =>
    at(async (page) => {
      await button(page, "Paint").click();
      const sheet = page.getByRole("application");
      const box = (await sheet.boundingBox())!;
      await next(page, async () => {
        await page.mouse.move(box.x + 0.4 * box.width, box.y + 0.4 * box.height);
        await page.mouse.down();
        await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.6 * box.height, { steps: 5 });
        await page.mouse.up();
      });
      // by keys as well
      await next(page, async () => {
        await sheet.press("ArrowRight");
        await sheet.press("Enter");
      });
      await button(page, "Done").click();
      const { spec } = (await decodeLink(await shared(page))) as { spec: { initial: { kind: string; strokes: string[] } } };
      expect(spec.initial.kind).toBe("strokes");
      expect(spec.initial.strokes).toHaveLength(2);
      expect(numbers(await reading(page))).toEqual(await command({ "spec.json": JSON.stringify(spec) }));
    }));

  test("dropped points start the flow; shared as a bundle, the command runs them to the same numbers, and the bundle opens again", () =>
    at(async (page) => {
      const input = page.locator("header input[type=file]");
      const points = Array.from({ length: 40 }, (_, i) => `${Math.cos(i)},${0.9 * Math.sin(3 * i)},p${i}`).join("\n");
      const given = { name: "my points.csv", mimeType: "text/csv", buffer: Buffer.from(`x,y,name\n${points}\n`) };
      const found = numbers(await next(page, () => input.setInputFiles(given)));
      await button(page, "Share").click();
      await soon(() => page.getByRole("dialog", { name: "Share" }).textContent()).toContain("A link cannot hold dropped/my-points.csv");
      const { bytes } = await saved(page, () => button(page, "Save the bundle").click());
      expect(found).toEqual(await command(unzipSync(bytes)));
      const again = await next(page, () => input.setInputFiles({ name: "b.zip", mimeType: "application/zip", buffer: Buffer.from(bytes) }));
      expect(numbers(again)).toEqual(found);
    }));

  // any static host: what the command serves frames nothing
  test("in a frame: messages set, refuse and report; of another origin than the named one they are not heard", () =>
    site.on(site.plain, async ({ page, faults }) => {
      interface Heard {
        readonly type: string;
        readonly message?: string;
        readonly holds?: boolean;
      }
      /** A frame that names an origin, and how to hear and to tell it. */
      const around = async (origin: string) => {
        await page.evaluate((from) => {
          document.querySelector("iframe")?.remove();
          const frame = document.createElement("iframe");
          const heard: unknown[] = [];
          Object.assign(globalThis, { heard });
          // in sight: a frame that nobody sees rests
          frame.style.cssText = "position:fixed;inset:0;width:600px;height:400px;z-index:99";
          addEventListener("message", (event) => event.source === frame.contentWindow && heard.push(event.data));
          frame.src = `embed.html?controls=none&wait&origin=${encodeURIComponent(from)}`;
          return new Promise<unknown>((resolve) => {
            frame.onload = resolve;
            document.body.append(frame);
          });
        }, origin);
        return {
          heard: (): Promise<readonly Heard[]> => page.evaluate(() => (globalThis as unknown as { heard: Heard[] }).heard),
          say: (message: object) =>
            page.evaluate((said) => document.querySelector("iframe")!.contentWindow!.postMessage({ ottoflow: 1, ...said }, "*"), message),
        };
      };
      const own = await around(new URL(site.plain).origin);
      await soon(async () => (await own.heard()).map(({ type }) => type)).toContain("ready");
      await own.say({ type: "open", spec: plane });
      await own.say({ type: "evaluate" });
      const said = async (type: string) => (await own.heard()).find((m) => m.type === type);
      await soon(async () => (await said("ended"))?.holds).toBe(true);
      await soon(async () => (await said("refused"))?.message).toContain("no command evaluate");

      const other = await around("https://other.example");
      // it stands, and what it would say is turned away by the browser
      await page.frameLocator("iframe").locator("canvas").waitFor({ state: "attached" });
      await other.say({ type: "open", spec: plane });
      await page.waitForTimeout(1000);
      expect(await other.heard()).toEqual([]);
      expect(await page.frameLocator("iframe").locator(".marks button").count()).toBe(0);
      faults.splice(0, faults.length, ...faults.filter((fault) => !fault.includes("The target origin provided ('https://other.example')")));
    }));

  describe("in other pages", () => {
    interface Flow extends HTMLElement {
      set(path: string, value: unknown): void;
      get(): Promise<{
        spec: { until: number; energy: { temperature?: number }[] };
        t: number;
        playing: boolean;
        phase: string;
        reached: number;
        status: string | null;
        holds: boolean | null;
        energy: number;
      }>;
      seek(t: number): void;
      play(): void;
      pause(): void;
      reset(): void;
    }
    test("what is said before the flow runs is done once it does, in its order: set, pause, seek, get, play, reset", async () => {
      const link = await linkOf(plane);
      await site.around(`<script type="module" src="element.js"></script><ottoflow-flow link="${link}" controls="time"></ottoflow-flow>`, async (page) => {
        const said = await page.evaluate(async (patience) => {
          await customElements.whenDefined("ottoflow-flow");
          const flow = document.querySelector("ottoflow-flow") as Flow;
          const heard: string[] = [];
          for (const type of ["opened", "ended", "fault", "refused"])
            flow.addEventListener(type, (event) => heard.push([type, (event as CustomEvent<{ message?: string }>).detail.message ?? []].flat().join(": ")));
          const get = (): ReturnType<Flow["get"]> => {
            const late = new Promise<never>((_, reject) => {
              setTimeout(() => reject(new Error(`get is not answered; heard ${heard.join(", ")}`)), patience);
            });
            return Promise.race([flow.get(), late]);
          };
          // nothing is loaded yet
          flow.set("until", 0.1);
          flow.set("energy.0.temperature", 0.5);
          flow.pause();
          flow.seek(0.03);
          const first = await get();
          flow.set("until", 0.2);
          flow.play();
          const second = await get();
          const late = performance.now() + patience;
          const end = async (): ReturnType<Flow["get"]> => {
            for (;;) {
              const state = await get();
              if (state.status !== null) return state;
              if (performance.now() > late || !["opening", "running", "held"].includes(state.phase))
                throw new Error(`the run does not end: ${state.phase}, at ${state.reached}; heard ${heard.join(", ")}`);
              await new Promise((resolve) => setTimeout(resolve, 50));
            }
          };
          const ended = await end();
          flow.pause();
          flow.seek(0.15);
          const sought = await get();
          flow.reset();
          const again = await get();
          return { first, second, ended, sought, again, heard };
        }, PATIENCE);
        expect(said.first).toMatchObject({ t: 0.03, playing: false, spec: { until: 0.1, energy: [{ temperature: 0.5 }] } });
        expect(said.second).toMatchObject({ playing: true, spec: { until: 0.2, energy: [{ temperature: 0.5 }] } });
        expect(said.ended).toMatchObject({ phase: "ended", status: "reached-end", holds: true, reached: 0.2 });
        expect(said.ended.energy).toBe(
          (await command({ "spec.json": JSON.stringify({ ...plane, energy: [{ kind: "entropy", temperature: 0.5 }], until: 0.2 }) })).energy,
        );
        expect(said.sought).toMatchObject({ t: 0.15, playing: false });
        expect(said.again.playing).toBe(true);
        expect(said.again.t).toBeLessThan(0.05);
        expect(said.heard.filter((type) => type !== "opened" && type !== "ended")).toEqual([]);
      });
    });

    test("who asks for the state of a flow that does not come is told: replaced, taken away, not to be loaded, no flow at all", async () => {
      const [link, tool] = [await linkOf(plane), await linkOf(plane, { view: { tool: { name: "parting", values: {} } } })];
      const flows = [`link="${link}"`, `link="${link}"`, 'link="#2.AAAA"', 'flow="no-such-flow"', 'spec="no-such-spec.json"', `link="${tool}"`];
      const body = `<script type="module" src="element.js"></script>${flows.map((how) => `<ottoflow-flow ${how} controls="none"></ottoflow-flow>`).join("")}`;
      await site.on(site.beside(body), async ({ page, faults }) => {
        await page.evaluate(async () => {
          await customElements.whenDefined("ottoflow-flow");
          // all in sight, so that all are loaded
          for (const flow of document.querySelectorAll<HTMLElement>("ottoflow-flow")) Object.assign(flow.style, { width: "200px", height: "100px" });
        });
        /** what becomes of the question, where it is asked of the flow with this number and then this is done to it */
        const asked = (of: number, then: "replaced" | "removed" | "left"): Promise<string> =>
          page.evaluate(
            async ([k, act]) => {
              const flow = document.querySelectorAll("ottoflow-flow")[k] as Flow;
              const answer = flow.get().then(
                () => "answered",
                (why: Error) => why.message,
              );
              if (act === "replaced") flow.setAttribute("controls", "time");
              if (act === "removed") flow.remove();
              return answer;
            },
            [of, then] as const,
          );
        expect(await asked(5, "left")).toBe("a tool is shown, and no flow");
        expect(await asked(4, "left")).toMatch(/no-such-spec.json answers 404/);
        // and whoever asks once that is known
        expect(await asked(4, "left")).toMatch(/no-such-spec.json answers 404/);
        expect(await asked(3, "left")).toBe("The flow could not be loaded.");
        expect(await asked(2, "left")).toMatch(/^The link could not be opened/);
        expect(await asked(1, "replaced")).toBe("the flow was replaced before it answered");
        expect(await asked(1, "left")).toBe("answered");
        expect(await asked(0, "removed")).toBe("the flow was taken away before it answered");
        faults.splice(0, faults.length, ...faults.filter((fault) => !/404/.test(fault)));
      });
    });

    test("a frame that is loaded again opens the spec of its element again; a spec that was there before the element is not lost", () =>
      site.around('<ottoflow-flow controls="none"></ottoflow-flow>', async (page) => {
        const asked = page.evaluate(async (spec) => {
          const flow = document.querySelector("ottoflow-flow") as Flow & { spec: object };
          flow.spec = spec;
          const script = document.createElement("script");
          Object.assign(script, { type: "module", src: "element.js" });
          document.head.append(script);
          await customElements.whenDefined("ottoflow-flow");
          const first = (await flow.get()).spec.until;
          const reloaded = new Promise((resolve) => flow.addEventListener("opened", resolve, { once: true }));
          const lost = new Promise((resolve) => flow.addEventListener("ready", resolve, { once: true }));
          flow.querySelector("iframe")!.contentWindow!.location.reload();
          await lost;
          await reloaded;
          return [first, (await flow.get()).spec.until];
        }, plane);
        expect(await asked).toEqual([plane.until, plane.until]);
      }));

    test("a link brings its view along: two runs, at rest where the link says", async () => {
      const spec = { ...plane, variants: { a: {}, b: { scheme: { step: 0.005 } } } };
      const link = await linkOf(spec, { view: { beside: { variant: "b" }, at: 0.02 } });
      await site.around(`<iframe src="embed.html?controls=time${link}" width="880" height="560"></iframe>`, async (page) => {
        const inside = page.frameLocator("iframe");
        await inside.locator(".pair.two").waitFor();
        await soon(() => inside.locator("footer output").textContent()).toContain("t = 0.02 / 0.05");
        expect(await inside.getByRole("button", { name: "Play" }).count()).toBe(1);
        // what chooses another run is not the reader's here
        expect(await inside.getByLabel("compare with").count()).toBe(0);
      });
    });

    test("out of sight it rests, and goes on when it is seen again", () =>
      site.around(
        `<div style="height:3000px"></div><script type="module" src="element.js"></script><ottoflow-flow controls="time"></ottoflow-flow>`,
        async (page) => {
          const reached = (): Promise<{ phase: string; reached: number }> => page.evaluate(() => (document.querySelector("ottoflow-flow") as Flow).get());
          await page.evaluate(async (spec) => {
            await customElements.whenDefined("ottoflow-flow");
            (document.querySelector("ottoflow-flow") as Flow & { spec: object }).spec = spec;
            document.querySelector("iframe")!.loading = "eager";
            // to be in sight once, so that it opens
            scrollTo(0, 5000);
          }, slow);
          await soon(async () => (await reached()).reached).toBeGreaterThan(0);
          await page.evaluate(() => scrollTo(0, 0));
          await soon(async () => (await reached()).phase).toBe("held");
          // what was on its way when it stopped has come
          const there = await rested(async () => (await reached()).reached, page);
          await page.evaluate(() => scrollTo(0, 5000));
          await soon(async () => (await reached()).reached).toBeGreaterThan(there);
        },
      ));
    test("in a hidden tab the page rests", () =>
      at(async (page) => {
        const phase = page.locator("footer");
        const hide = (hidden: boolean): Promise<void> =>
          page.evaluate((is) => {
            Object.defineProperty(document, "hidden", { configurable: true, get: () => is });
            document.dispatchEvent(new Event("visibilitychange"));
          }, hidden);
        await hide(true);
        await goTo(page, linkOf(slow));
        await soon(() => phase.textContent()).toContain("computing rests");
        const time = (): Promise<string | null> => told(page, "time");
        const there = await rested(time, page);
        await hide(false);
        await soon(time).not.toBe(there);
      }));
  });
});
