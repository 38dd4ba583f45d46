// npm run build first; node scripts/figures.mjs [NAME …]: the pictures of the book, each by its program scripts/figures/NAME.mjs.
// --verify writes nothing and fails where a picture is not, to the byte, what its program makes.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { svgDocument } from "ottoflow/io/figure/document";
import { markOf, pictureOf, pictures, programs } from "./figures/mark.mjs";
import { main } from "./shell.mjs";

await main(async (args) => {
  const verify = args.includes("--verify");
  const wanted = args.filter((arg) => arg !== "--verify");
  for (const name of wanted) if (!programs().includes(name)) throw new Error(`There is no scripts/figures/${name}.mjs.`);
  const stale = [];
  for (const name of wanted.length > 0 ? wanted : programs()) {
    const { draw, specs } = await import(`./figures/${name}.mjs`);
    const svg = svgDocument({ ...(await draw()), name });
    const text = svg.replace("?>\n", `?>\n<!-- ${markOf(name, specs)} -->\n`);
    const old = pictureOf(name);
    if (old !== text) stale.push(name);
    if (!verify) writeFileSync(join(pictures, `${name}.svg`), text);
    console.log(`${name}.svg ${text.length} bytes${old === text ? ", as before" : ""}`);
  }
  if (!verify) return 0;
  for (const name of stale) console.error(`${name}.svg is not what its program makes: node scripts/figures.mjs ${name}`);
  return stale.length > 0 ? 1 : 0;
});
