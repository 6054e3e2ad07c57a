// The picture of the README.   node figure.mjs PAGE.html OUT.png
import { resolve } from "node:path";
import { open, settled } from "./browser.mjs";

const [file, out] = process.argv.slice(2);
const { browser, page } = await open(resolve(file), { width: 1280, height: 720, hash: "#v=1&step=4&lang=en", theme: "light", reducedMotion: "reduce" });
await settled(page);
await page.getByRole("button", { name: "No, it moves sideways" }).click();
await page.getByRole("button", { name: "Place stent" }).click();
await settled(page);
await page.evaluate(() => scrollTo(0, 0));
await page.mouse.move(5, 300);
await page.waitForTimeout(300);
await page.screenshot({ path: out });
await browser.close();
