// Pictures of every step, to look at.   node shots.mjs PAGE.html FOLDER [WIDTHxHEIGHT …]
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { open, settled } from "./browser.mjs";

const [file, folder, ...sizes] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const size of sizes.length ? sizes : ["360x740", "1280x720", "1920x1080"]) {
  const [width, height] = size.split("x").map(Number);
  for (const theme of (process.env.THEMES ?? "light").split(",")) {
    const { browser, page, errors } = await open(resolve(file), { width, height, hash: `#v=1&step=1&lang=${process.env.LANGUAGE_SHOWN ?? "en"}`, theme });
    for (const step of (process.env.STEPS ?? "1,2,3,4,5,6,7,8").split(",").map(Number)) {
      await page.locator(".steps button").nth(step - 1).click();
      await settled(page);
      await page.waitForTimeout(300);
      await page.screenshot({ path: `${folder}/${step}-${width}-${theme}.png`, fullPage: !!process.env.FULL });
    }
    if (errors.length) console.log(size, theme, errors);
    await browser.close();
  }
}
