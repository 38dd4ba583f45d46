/// <reference lib="dom" />
/** Questions whose answers come late, or in another order: what was asked for last counts. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { decodeLink } from "../../src/link/codec.ts";
import { linkOf, plane, well } from "./flows.ts";
import { onSite } from "./site.ts";
import { button, goTo, next, opened, reading, soon } from "./visit.ts";

onSite("a question and its answer", (site) => {
  /** Holds back what is asked for by an address. Returns how to let it go. */
  const hold = async (page: Page, address: RegExp): Promise<() => Promise<void>> => {
    let release = (): void => {};
    const free = new Promise<void>((resolve) => {
      release = resolve;
    });
    const asked = page.waitForRequest(address);
    await page.route(address, async (route) => {
      await free;
      await route.continue();
    });
    return async () => {
      const answered = asked.then((request) => request.response());
      release();
      await (await answered)?.finished();
      // and whoever waited for it has had its turn
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
    };
  };

  /** what is asked for is not answered from what the page keeps */
  const direct = { serviceWorkers: "block" } as const;
  test("of two flows that are chosen, the later one stands, whichever comes first", () =>
    site.on(
      "",
      async ({ page }) => {
        await opened(page);
        const release = await hold(page, /fisher-rao\.json/);
        const pick = page.getByRole("combobox", { name: "Flow", exact: true });
        await pick.selectOption("fisher-rao");
        await next(page, () => pick.selectOption("heat-gaussian"));
        const law = await page.locator(".law").textContent();
        await release();
        expect(await page.locator(".law").textContent()).toBe(law);
        expect(await pick.inputValue()).toBe("heat-gaussian");
        expect((await reading(page)).certified).toBe(true);
      },
      direct,
    ));

  test("a card that comes late does not take the place of a link", () =>
    site.on(
      "",
      async ({ page }) => {
        await opened(page);
        const release = await hold(page, /fisher-rao\.json/);
        await page.getByRole("combobox", { name: "Flow", exact: true }).selectOption("fisher-rao");
        const found = await next(page, () => goTo(page, linkOf(well)));
        await release();
        expect(await reading(page)).toEqual(found);
        expect(await page.locator("#control-energy-1-formula").inputValue()).toBe("(x^2 - 1)^2");
      },
      direct,
    ));

  test("a link that turns out to be none, late, does not take the place of the card that was chosen meanwhile", () =>
    site.on(
      "about:blank",
      async ({ page }) => {
        const [link, spec] = [await hold(page, /follow-[^/]*\.js/), await hold(page, /fisher-rao\.json/)];
        await page.goto(`${site.address}#2.AAAA`);
        await page.getByRole("combobox", { name: "Flow", exact: true }).selectOption("fisher-rao");
        await link();
        await soon(() => page.locator(".notice").textContent()).toContain("The link could not be opened");
        await spec();
        await soon(() => page.locator(".law .name").textContent()).toContain("Fisher");
        expect((await reading(page)).certified).toBe(true);
        expect(await page.getByRole("combobox", { name: "Flow", exact: true }).inputValue()).toBe("fisher-rao");
      },
      direct,
    ));

  test("a card that cannot be loaded leaves the one before, says so, and can be chosen again", () =>
    site.on(
      "",
      async ({ page, faults }) => {
        const first = await reading(page);
        const pick = page.getByRole("combobox", { name: "Flow", exact: true });
        const stood = await pick.inputValue();
        await page.route(/fisher-rao\.json/, (route) => route.abort());
        await pick.selectOption("fisher-rao");
        await soon(() => page.locator(".notice").textContent()).toContain("could not be loaded");
        expect(await pick.inputValue()).toBe(stood);
        expect(await reading(page)).toEqual(first);
        await page.unroute(/fisher-rao\.json/);
        await next(page, () => pick.selectOption("fisher-rao"));
        expect(await page.locator(".law .name").textContent()).toContain("Fisher");
        faults.splice(0, faults.length, ...faults.filter((fault) => !/ERR_FAILED/.test(fault)));
      },
      direct,
    ));

  test("a link that is still being made when its panel closes is let go", () =>
    site.ended(well, async (page) => {
      await button(page, "Share").click();
      await page.locator('section[aria-label="Link"][aria-busy="false"]').waitFor();
      await button(page, "Share").click();
      // opened, asked for a copy and closed in one breath; what goes wrong afterwards is a fault of the page
      await page.evaluate(async () => {
        const share = [...document.querySelectorAll("button")].find((b) => b.textContent === "Share") as HTMLElement;
        for (let k = 0; k < 5; k++) {
          share.click();
          await Promise.resolve();
          document.querySelector<HTMLElement>('[aria-label="Copy: The link"]')?.click();
          share.click();
          await new Promise((resolve) => setTimeout(resolve));
        }
      });
      await button(page, "Share").click();
      await page.locator('section[aria-label="Link"][aria-busy="false"]').waitFor();
    }));

  test("in a frame, neither", () =>
    site.on(
      site.plain,
      async ({ page }) => {
        const release = await hold(page, /fisher-rao\.json/);
        await page.evaluate(async (spec) => {
          document.body.innerHTML = '<iframe src="embed.html?flow=fisher-rao" style="position:fixed;inset:0;width:600px;height:400px"></iframe>';
          const frame = document.querySelector("iframe") as HTMLIFrameElement;
          await new Promise<void>((resolve) => {
            addEventListener("message", (event) => event.data?.type === "ready" && resolve());
          });
          frame.contentWindow!.postMessage({ ottoflow: 1, type: "open", spec }, "*");
        }, well);
        const law = page.frameLocator("iframe").getByRole("region", { name: "The law of the flow" });
        await soon(() => law.textContent()).toContain("sdirk2");
        const before = await law.textContent();
        await release();
        expect(await law.textContent()).toBe(before);
      },
      direct,
    ));

  test("the brush that is laid down before it has come stays away", () =>
    site.ended(plane, async (page) => {
      await page.evaluate(() => {
        const paint = [...document.querySelectorAll("button")].find((b) => b.textContent === "Paint") as HTMLElement;
        paint.click();
        paint.click();
      });
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
      expect(await page.getByRole("application").count()).toBe(0);
      await button(page, "Paint").click();
      await page.getByRole("application").waitFor();
    }));

  test("of two files that are dropped, the later one is the start, whichever is read first", () =>
    site.ended(plane, async (page) => {
      await page.evaluate(() => {
        const read = Blob.prototype.arrayBuffer;
        const hold = new Promise<void>((resolve) => Object.assign(globalThis, { release: resolve }));
        Blob.prototype.arrayBuffer = async function (this: File) {
          const bytes = await read.call(this);
          if (this.name === "first.csv") await hold;
          return bytes;
        };
      });
      const drop = (name: string, text: string): Promise<void> =>
        page.evaluate(
          ([called, content]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([content], called));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
          },
          [name, text] as const,
        );
      await drop("first.csv", "0,0\n1,1\n0,1");
      const found = await next(page, () => drop("second.csv", "0.5,0\n1,0.5\n0,1"));
      await page.evaluate(() => (globalThis as unknown as { release(): void }).release());
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
      expect(await reading(page)).toEqual(found);
      expect(await page.locator(".notice").textContent()).toContain("second.csv");
    }));

  test("who writes while the editor comes goes on writing in it", () =>
    site.on(
      linkOf(well),
      async ({ page }) => {
        await reading(page);
        await opened(page);
        const release = await hold(page, /editor-[^/]*\.js/);
        await button(page, "JSON").click();
        await page.locator("textarea").focus();
        await page.keyboard.press("Control+End");
        await page.keyboard.type("abc");
        await release();
        await page.locator(".cm-content").waitFor();
        await page.keyboard.type("def");
        expect(await page.locator(".cm-content").textContent()).toContain("}abcdef");
      },
      direct,
    ));

  test("the link that is copied is of what is chosen now", () =>
    site.ended(well, async (page) => {
      await page.keyboard.press("End");
      await page.keyboard.press("ArrowLeft");
      await page.evaluate(() =>
        Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text: string) => void Object.assign(globalThis, { copied: text }) } }),
      );
      await button(page, "Share").click();
      await page.locator('section[aria-label="Link"][aria-busy="false"]').waitFor();
      await page.evaluate(() => {
        (document.querySelector('section[aria-label="Link"] input[type=checkbox]') as HTMLElement).click();
        (document.querySelector('[aria-label="Copy: The link"]') as HTMLElement).click();
      });
      const copied = (): Promise<string> => page.evaluate(() => (globalThis as unknown as { copied?: string }).copied ?? "");
      await soon(copied).toContain("#");
      expect((await decodeLink(new URL(await copied()).hash)).view).toBeUndefined();
    }));
});
