// node scripts/screens.mjs [WORD …] [--light|--dark] [--desktop|--phone] [--out=FOLDER]: pictures of the built lab, to be looked at. Every card and tool, and the
// gallery, editor, painter, microscope, menus and messages, light and dark, at 1280x800 and 390x844; with WORDs only what has one of them in its name.
// Written to .cache/screens with sheets that show many at once.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { deflateRawSync } from "node:zlib";
import { chromium } from "playwright-core";
import { serveLab } from "../packages/cli/dist/commands/lab.js";
import { findChromium } from "./chromium.mjs";
import { buildLab } from "./setup.mjs";
import { main, root } from "./shell.mjs";

const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
/** how long a card may compute before it is pictured as it is */
const PATIENCE = 15_000;

const jsons = (folder) =>
  readdirSync(join(root, "specs", folder))
    .filter((name) => name.endsWith(".json"))
    .map((name) => folder + name.replace(/\.json$/, ""))
    .sort();
const cards = [...jsons(""), ...jsons("paths/")];
const linkOf = (spec) => `#1.${deflateRawSync(JSON.stringify({ spec })).toString("base64url")}`;
const wrong = {
  version: 1,
  energy: [{ kind: "potential", formula: "x^2 + z" }],
  space: { kind: "box", lower: [-1], upper: [1], cells: [50] },
  initial: { kind: "gaussian" },
  scheme: { kind: "finite-volume", step: 0.01 },
  until: 1,
};

async function choose(page, card) {
  await page.evaluate(() => document.querySelector(".verdict")?.setAttribute("data-old", ""));
  await page.getByRole("combobox", { name: "Flow", exact: true }).selectOption(card);
  await page
    .locator(".verdict:not([data-old])")
    .first()
    .waitFor({ state: "attached", timeout: PATIENCE })
    .catch(() => console.log(`  ${card} still computes after ${PATIENCE / 1000} s`));
  await at(page, 0.6);
}
/** The playhead at a share of the span, resting. */
async function at(page, share) {
  await page.locator("footer input[type=range]").evaluate((input, s) => {
    input.value = String(Number(input.min) + s * (Number(input.max) - Number(input.min)));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, share);
  await page.waitForTimeout(350);
}
const press = (page, name) => page.getByRole("button", { name, exact: true }).first().click();
async function openGallery(page) {
  await press(page, "Gallery");
  await page.locator("dialog[open]").waitFor();
  await page.waitForTimeout(700);
}
async function tab(page, name) {
  const tabs = page.locator(".tabs");
  if (await tabs.isVisible()) await tabs.getByRole("button", { name }).click();
  await page.waitForTimeout(200);
}
const leave = (page) => page.keyboard.press("Escape");

/** name of a picture, and what leads to it; `after` brings the page back */
const views = [
  ...cards.map((card) => ({ name: `card-${card.replaceAll("/", "--")}`, act: (page) => choose(page, card) })),
  {
    name: "recipe",
    act: async (page) => {
      await choose(page, "fokker-planck-three-ways");
      await tab(page, "Recipe");
    },
    after: (page) => tab(page, "Stage"),
  },
  { name: "ledger", act: (page) => tab(page, "Ledger"), after: (page) => tab(page, "Stage") },
  {
    name: "ledger-badge-open",
    act: async (page) => {
      await tab(page, "Ledger");
      await page.locator(".ledger li summary").first().click();
      await page.locator(".ledger li summary").first().scrollIntoViewIfNeeded();
    },
    after: (page) => tab(page, "Stage"),
  },
  { name: "gallery", act: openGallery, after: leave },
  {
    name: "gallery-end",
    act: async (page) => {
      await openGallery(page);
      await page.locator("dialog .body").evaluate((body) => body.scrollTo(0, body.scrollHeight));
      await page.waitForTimeout(500);
    },
    after: leave,
  },
  ...["Two masses part", "Which way transport points"].map((title, k) => ({
    name: `tool-${k + 1}`,
    act: async (page) => {
      await openGallery(page);
      await page.locator("dialog button", { hasText: title }).click();
      await page.waitForTimeout(3000);
    },
    after: leave,
  })),
  {
    name: "editor",
    act: async (page) => {
      await choose(page, "double-well-grid");
      await tab(page, "Recipe");
      await press(page, "JSON");
      await page.locator(".cm-content").waitFor();
    },
    after: async (page) => {
      await press(page, "Cards");
      await tab(page, "Stage");
    },
  },
  {
    name: "painter",
    act: async (page) => {
      await choose(page, "ornstein-uhlenbeck-2d");
      await press(page, "Paint");
      const box = await page.getByRole("application").boundingBox();
      await page.mouse.move(box.x + 0.35 * box.width, box.y + 0.4 * box.height);
      await page.mouse.down();
      await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.6 * box.height, { steps: 8 });
      await page.mouse.up();
      await page.waitForTimeout(3000);
    },
    after: (page) => press(page, "Done"),
  },
  {
    name: "painter-line",
    act: async (page) => {
      await choose(page, "porous-medium-1d");
      await press(page, "Paint");
      const box = await page.getByRole("application").boundingBox();
      await page.mouse.move(box.x + 0.4 * box.width, box.y + 0.4 * box.height);
      await page.waitForTimeout(400);
    },
    after: (page) => press(page, "Done"),
  },
  {
    name: "microscope",
    act: async (page) => {
      await choose(page, "jko-entropy-quantiles");
      await press(page, "one step, taken apart");
      await page.waitForTimeout(2500);
    },
    after: (page) => press(page, "one step, taken apart"),
  },
  {
    name: "fan",
    act: async (page) => {
      await choose(page, "double-well-grid");
      await press(page, "quantile fan");
      await page.waitForTimeout(400);
    },
    after: (page) => press(page, "quantile fan"),
  },
  {
    name: "zoomed",
    act: async (page) => {
      await choose(page, "porous-medium-2d");
      await page.locator(".stage canvas").first().focus();
      for (let k = 0; k < 3; k++) await page.keyboard.press("+");
      await page.waitForTimeout(400);
    },
    after: (page) => page.keyboard.press("0"),
  },
  {
    name: "export",
    act: async (page) => {
      await press(page, "Export");
      await page.waitForTimeout(700);
    },
    after: leave,
  },
  {
    name: "share",
    act: async (page) => {
      await press(page, "Share");
      await page.waitForTimeout(600);
    },
    after: leave,
  },
  { name: "keys", act: (page) => page.keyboard.press("?"), after: (page) => page.keyboard.press("?") },
  {
    name: "fault",
    act: async (page) => {
      await page.evaluate((to) => location.assign(to), linkOf(wrong));
      await page.locator(".stage [role=alert]").waitFor();
    },
  },
  {
    name: "broken-link",
    act: async (page) => {
      await page.evaluate(() => location.assign("#1.broken"));
      await page.waitForTimeout(600);
    },
  },
];

/** What can be found without eyes: parts of the page wider than it, and controls whose words are cut. */
const faultsOf = (page) =>
  page.evaluate(() => {
    const found = [];
    const width = Math.min(innerWidth, screen.width);
    const wide = document.documentElement.scrollWidth - width;
    if (wide > 0) found.push(`the page is ${wide} px wider than the screen`);
    for (const element of document.querySelectorAll("button, select, summary, label, h1, h2, h3, dt, dd, .law .line")) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".visually-hidden, .cm-editor")) continue;
      const { right, left, width: own } = element.getBoundingClientRect();
      const words = (element.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 40);
      if (own > 0 && (right > width + 1 || left < -1) && !element.closest(".tools, .line"))
        found.push(`beyond the edge: ${element.tagName.toLowerCase()} "${words}"`);
      else if (element.matches("button, summary, h1, h2, h3") && element.scrollWidth > element.clientWidth + 2)
        found.push(`cut: ${element.tagName.toLowerCase()} "${words}"`);
    }
    return [...new Set(found)];
  });

/** Pictures of one combination on sheets of a size that can be looked at whole. */
async function sheets(browser, folder, names, { width, height }) {
  const columns = width > height ? 3 : 6;
  const rows = width > height ? 4 : 2;
  const shown = Math.round(1560 / columns);
  const page = await browser.newPage({ viewport: { width: columns * (shown + 8) + 8, height: 600 } });
  for (let k = 0; k * columns * rows < names.length; k++) {
    const figures = names
      .slice(k * columns * rows, (k + 1) * columns * rows)
      .map((name) => `<figure><img src="${name}.png" width="${shown}"><figcaption>${name}</figcaption></figure>`);
    const html = `<!doctype html><title>${k + 1}</title><style>body{margin:8px;display:grid;grid-template-columns:repeat(${columns},${shown}px);gap:8px;background:#888}figure{margin:0}figcaption{font:12px sans-serif;background:#fff}</style>${figures.join("")}`;
    const file = join(folder, `sheet-${k + 1}.html`);
    writeFileSync(file, html);
    await page.goto(`file://${file}`);
    await page.screenshot({ path: file.replace(/html$/, "png"), fullPage: true });
  }
  await page.close();
}

async function combination(browser, address, out, scheme, size, words) {
  const folder = join(out, `${scheme}-${size}`);
  mkdirSync(folder, { recursive: true });
  if (words.length === 0) for (const file of readdirSync(folder)) rmSync(join(folder, file));
  const page = await browser.newPage({
    viewport: sizes[size],
    colorScheme: scheme,
    ...(size === "phone" && { hasTouch: true, isMobile: true, deviceScaleFactor: 2 }),
  });
  page.setDefaultTimeout(20_000);
  let current = "";
  const said = (text) => console.log(`  ${scheme} ${size} ${current}: ${text}`);
  page.on("pageerror", (error) => said(error.message));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said(message.text()));
  await page.goto(address);
  await page.waitForFunction(() => document.documentElement.dataset.moving === "true");
  await page.locator(".recipe fieldset").first().waitFor({ state: "attached" });
  const taken = [];
  for (const view of views.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))) {
    current = view.name;
    try {
      await view.act(page);
      await page.screenshot({ path: join(folder, `${view.name}.png`) });
      taken.push(view.name);
      for (const fault of await faultsOf(page)) said(fault);
      await view.after?.(page);
    } catch (error) {
      said(error.message.split("\n")[0]);
      await page.keyboard.press("Escape");
    }
  }
  await page
    .context()
    .close()
    .catch(() => page.close());
  await sheets(browser, folder, taken, sizes[size]);
}

await main(async (args) => {
  const words = args.filter((arg) => !arg.startsWith("--"));
  const asked = (all) => all.filter((name) => args.includes(`--${name}`));
  const chosen = (all) => (asked(all).length > 0 ? asked(all) : all);
  const out = resolve(root, args.find((arg) => arg.startsWith("--out="))?.slice("--out=".length) ?? ".cache/screens");
  buildLab();
  const server = await serveLab(join(root, "packages/lab/dist"), null, 4350, true);
  const address = `http://127.0.0.1:${server.address().port}/`;
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"] });
  for (const scheme of chosen(["light", "dark"]))
    for (const size of chosen(["desktop", "phone"])) {
      await combination(browser, address, out, scheme, size, words);
      console.log(`${scheme} ${size}: ${join(out, `${scheme}-${size}`)}`);
    }
  await browser.close();
  server.closeAllConnections();
  server.close();
});
