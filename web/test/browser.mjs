// Debian's Chromium with the page opened from a file and the network off.
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

export async function open(page_, { width = 1280, height = 720, hash = "", theme, reducedMotion, locale = "en-GB" } = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion, locale, offline: true });
  const page = await context.newPage();
  const errors = [];
  const requests = [];
  page.on("console", (m) => m.type() === "error" && errors.push(m.text()));
  page.on("pageerror", (e) => errors.push(String(e)));
  page.on("request", (r) => /^(file|data|blob):/.test(r.url()) || requests.push(r.url()));
  await page.goto(pathToFileURL(page_).href + hash);
  return { browser, page, errors, requests };
}

/** Until the exact answer and everything it is compared with is on the page. */
export async function settled(page) {
  await page.waitForFunction(() => ["exact", "failed"].includes(document.documentElement.dataset.engine), null, { timeout: 60000 });
  await page.waitForTimeout(80); // the address and the companions follow a rest of 60 ms
  await page.waitForFunction(() => !/…$/.test(document.querySelector(".explain-text")?.textContent ?? "…"), null, { timeout: 60000 });
}
