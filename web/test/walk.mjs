// The page in Debian's Chromium, from a file, with the network off: every step by mouse and again by keyboard alone,
// orderings of the storyboard, accessibility, layout, links, latency, size.   node walk.mjs PAGE.html CORONET [mouse keyboard axe layout links sheet latency]
// Prints one line per check; exit status 1 if any fails.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { open, settled } from "./browser.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [pageFile, coronet, ...parts] = process.argv.slice(2);
const part = (name) => !parts.length || parts.includes(name);
const file = resolve(pageFile);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let failed = 0;
const start = Date.now();
const check = (name, holds, detail = "") => {
  console.log(`${holds ? "ok  " : "FAIL"} ${name}${detail === "" ? "" : `: ${detail}`}`);
  if (!holds) ++failed;
};
const value = async (page, name) => Number(await page.locator(`.metric-${name} .metric-value`).textContent());
const flows = async (page) => (await page.locator(".card-reserve .chart").getAttribute("aria-label")).match(/[\d.]+/g).map(Number);
const go = async (page, step, wait = settled) => {
  await page.locator(".steps button").nth(step - 1).click();
  await wait(page);
};
/** What "copy as command line" gives, and what the native program makes of it. */
const copied = async (page) => {
  await page.locator(".menu > summary").click();
  await page.getByRole("button", { name: "Copy as command line" }).click();
  const command = await page.evaluate(() => document.documentElement.dataset.copied);
  return { command, native: JSON.parse(execFileSync(coronet, [...command.split(" ").slice(1), "--json"], { encoding: "utf8" })).indices };
};
const sameAsCopied = async (page, step) => {
  const { command, native } = await copied(page);
  const shown = await page.locator(".metric-value").count();
  let same = shown > 0;
  for (const [name, digits] of [["ffr", 2], ["cfr", 2], ["imr", 0]])
    if (await page.locator(`.metric-${name} .metric-value`).isVisible()) same &&= native[name].toFixed(digits) === (await value(page, name)).toFixed(digits);
  check(`${step}: the copied command gives the page's numbers`, same, command);
};
const solvedOnce = (page) => page.waitForFunction(() => document.documentElement.dataset.engine === "exact", null, { timeout: 60000 });
const slide = async (page, id, to) => {
  await page.locator(`#${id}`).evaluate((input, v) => {
    input.value = v;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, String(to));
  await page.waitForFunction(() => document.documentElement.dataset.engine === "exact");
  await settled(page);
};

check("file at most 1.5 MB", statSync(file).size <= 1.5e6, `${(statSync(file).size / 1e6).toFixed(2)} MB`);
check("no address of another place to load from", !/(src|href)="https?:/.test(readFileSync(file, "utf8")));

// --- by mouse, with the orderings of the storyboard -----------------------------------------------------------------
if (part("mouse")) {
  const { browser, page, errors, requests } = await open(file, { hash: "#v=1&step=1&lang=en" });
  await settled(page);

  await page.getByRole("button", { name: "The vessels nobody sees" }).click();
  const [epi, total] = (await page.locator(".feedback").textContent()).match(/\d+/g).map(Number);
  check("1: the artery takes less than a twentieth of the pressure", epi < total / 20, `${epi} of ${total} mmHg`);
  await slide(page, "control-probe", 100);
  check("1: the probe reads a capillary", /capillaries/.test(await page.locator("#control-probe").getAttribute("aria-valuetext")));

  await go(page, 2);
  await page.getByRole("button", { name: "4 times" }).click();
  await page.getByRole("button", { name: "Adenosine", exact: true }).click();
  await settled(page);
  const healthy = await value(page, "cfr");
  check("2: flow rises at least threefold", healthy > 3, healthy);

  await go(page, 3);
  await page.locator("#mark").evaluate((i) => { i.value = "180"; i.dispatchEvent(new Event("input")); });
  await page.getByRole("button", { name: "Set my mark" }).click();
  const lesion = [await value(page, "ffr"), await value(page, "cfr")];
  await page.getByRole("button", { name: "Place stent" }).click();
  await settled(page);
  const stented = [await value(page, "ffr"), await value(page, "cfr")];
  check("3: the lesion limits: FFR at most 0.80", lesion[0] <= 0.8, lesion[0]);
  check("3: the stent brings nearly everything back", stented[0] > 0.9 && stented[1] > 0.95 * healthy, `CFR ${lesion[1]} -> ${stented[1]}`);
  await page.getByRole("button", { name: "Take stent back" }).click();
  await settled(page);
  check("3: the stent can be taken back", (await value(page, "ffr")) === lesion[0], `${await value(page, "ffr")}`);

  await go(page, 4);
  await page.getByRole("button", { name: "No, it moves sideways" }).click();
  const before = [await value(page, "ffr"), await value(page, "cfr"), await value(page, "imr")];
  await page.getByRole("button", { name: "Place stent" }).click();
  await settled(page);
  const after = [await value(page, "ffr"), await value(page, "cfr"), await value(page, "imr")];
  check("4: the stent in microvascular disease moves CFR by less than 0.1", Math.abs(after[1] - before[1]) < 0.1, `${before[1]} -> ${after[1]}`);
  check("4: FFR above 0.80, CFR below 2.5, IMR at least 25, before and after", [before, after].every((v) => v[0] > 0.8 && v[1] < 2.5 && v[2] >= 25));

  await sameAsCopied(page, 4);

  await go(page, 5);
  await page.getByRole("button", { name: "It goes up" }).click();
  const course = [];
  for (const mvd of [0, 25, 50, 75, 100]) {
    await slide(page, "control-mvd", mvd);
    course.push([await value(page, "ffr"), (await flows(page))[1]]);
  }
  check("5: sicker microvessels raise FFR at every stop", course.every((c, i) => !i || c[0] > course[i - 1][0]), course.map((c) => c[0]).join(" "));
  check("5: while maximal flow falls", course.every((c, i) => !i || c[1] < course[i - 1][1]), course.map((c) => c[1]).join(" "));
  check("5: FFR crosses 0.80", course[0][0] <= 0.8 && course[4][0] > 0.8);

  await go(page, 6);
  await page.getByRole("button", { name: "Adenosine cannot tell" }).click();
  await page.getByRole("button", { name: "Acetylcholine", exact: true }).click();
  const tests = {};
  for (const name of ["A", "B", "C"]) {
    await page.locator('[data-control="patients"]').getByRole("button", { name, exact: true }).click();
    await settled(page);
    const label = await page.locator(".card-tests .chart").getAttribute("aria-label");
    const [cfr, ach] = label.match(/[+−]?\d+(?= %)/g).map((x) => Number(x.replace("−", "-")));
    tests[name] = { cfr: 1 + cfr / 100, ach };
  }
  check("6: adenosine finds A and C and not B", tests.A.cfr < 2.5 && tests.C.cfr < 2.5 && tests.B.cfr > 3, JSON.stringify(tests));
  check("6: acetylcholine finds B", tests.B.ach <= 50 && tests.B.ach < tests.A.ach && tests.C.ach < tests.A.ach);

  await sameAsCopied(page, 6);

  await go(page, 7);
  await page.getByRole("button", { name: "get better" }).click();
  await sameAsCopied(page, 7);
  await page.locator('label[data-control="rtm"]').click();
  for (const trial of ["CFR trial", "Acetylcholine trial"]) {
    await page.getByRole("button", { name: trial }).click();
    await settled(page);
    const text = await page.locator(".card-trial .chart").getAttribute("aria-label");
    const arms = text.split(";").map((a) => a.match(/(-?[−\d.]+) → (-?[−\d.]+)/).slice(1).map((x) => Number(x.replace("−", "-"))));
    check(`7: ${trial}: part of the rise comes without therapy, and cells add to it`, arms.length === 3 && arms[2][1] > arms[2][0] && arms[1][1] > arms[2][1], text);
    const name = trial === "CFR trial" ? "escape-cmd" : "improve-ced";
    const { arms: cells, nulls } = JSON.parse(readFileSync(join(dirname(file), `${name}.json`), "utf8"));
    const computed = [["baseline", "6 months"].map((when) => cells.find((a) => a.timepoint === when).mean), [nulls.regression_to_mean.baseline.mean, nulls.regression_to_mean.follow_up.mean]];
    const digits = name === "escape-cmd" ? 2 : 0;
    check(`7: ${trial}: both virtual arms are those of coronet trial`, computed.flat().every((x, i) => x.toFixed(digits) === arms.slice(1).flat()[i].toFixed(digits)), JSON.stringify(computed));
  }

  await go(page, 8);
  await slide(page, "control-demand", 30);
  await page.waitForFunction(() => document.querySelectorAll(".checks .met").length === 3);
  check("8: the second puzzle can be solved with healthy vessels", /Found/.test(await page.locator(".puzzle .feedback").last().textContent()));
  await page.getByRole("button", { name: "Stent Ada" }).click();
  check("8: the first puzzle: a low FFR before healthy vessels gains most", /Most flow/.test(await page.locator(".puzzle .feedback").first().textContent()));

  // Same patient as the command line, and as the file
  await sameAsCopied(page, 8);
  {
    const { native } = await copied(page);
    await page.locator(".menu > summary").click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download patient" }).click()]);
    const folder = mkdtempSync(join(tmpdir(), "coronet-"));
    const path = join(folder, "patient.toml");
    await download.saveAs(path);
    const again = JSON.parse(execFileSync(coronet, ["run", path, "--protocol", "pullback", "--json"], { encoding: "utf8" })).indices;
    check("8: the downloaded patient gives the same bits", ["ffr", "cfr", "imr"].every((k) => again[k] === native[k]));
  }
  check("no console error", errors.length === 0, errors.join(" | "));
  check("no request", requests.length === 0, requests.join(" "));
  await browser.close();
}

// --- by keyboard alone ------------------------------------------------------------------------------------------------
if (part("keyboard")) {
  const { browser, page, errors } = await open(file, { hash: "#v=1&step=1&lang=en" });
  await settled(page);
  /** Tabs until the focus is on what is wanted; fails where that never happens. */
  const reach = async (selector) => {
    for (let i = 0; i < 120; ++i) {
      if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return true;
      await page.keyboard.press("Tab");
    }
    return false;
  };
  const wanted = { 1: ["#control-probe"], 2: ['[data-control=adenosine] [data-value=adenosine]'], 3: ["#mark", "#control-sten", "button[data-control=stent]"], 4: ["button[data-control=stent]"], 5: ["#control-mvd"], 6: ["[data-control=patients] [data-value=A]", "[data-control=drugs] [data-value=acetylcholine]"], 7: ["#control-rtm", "[data-control=trial] [data-value=improve-ced]"], 8: ["#control-case", "#control-demand", ".one-of-four button"] };
  let walked = 0;
  for (let step = 1; step <= 8; ++step) {
    let good = (await page.locator("html").getAttribute("data-step")) === String(step);
    if (step !== 3 && step !== 8) {
      good &&= await reach("[data-option]");
      await page.keyboard.press("Enter");
      good &&= (await page.locator('[data-option][aria-pressed="true"]').count()) === 1;
    }
    if (step === 8) await page.waitForSelector(".one-of-four");
    for (const selector of wanted[step]) {
      good &&= await reach(selector);
      await page.keyboard.press(/sten$|mark|probe|mvd|demand/.test(selector) ? "PageUp" : /case/.test(selector) ? "ArrowDown" : "Space");
    }
    await settled(page);
    await page.keyboard.press("e");
    good &&= await page.evaluate(() => document.activeElement?.id === "explain");
    check(`keyboard: step ${step}`, good);
    walked += good;
    if (step < 8) {
      await page.keyboard.press("n");
      await settled(page);
    }
  }
  await page.keyboard.press("?");
  check("keyboard: help opens and closes", (await page.locator("dialog[open]").count()) === 1);
  await page.keyboard.press("Escape");
  check("keyboard: all steps", walked === 8 && (await page.locator("dialog[open]").count()) === 0);
  await page.waitForTimeout(700);
  check("a status is spoken after rest", (await page.locator('[aria-live="polite"]').textContent()).length > 0);
  check("keyboard walk without console errors", errors.length === 0, errors.join(" | "));
  await browser.close();
}

// --- accessibility at every step, in both themes, in both languages --------------------------------------------------
if (part("axe")) for (const [theme, lang] of [["light", "en"], ["dark", "de"]]) {
  const { browser, page } = await open(file, { theme, hash: `#v=1&step=1&lang=${lang}`, reducedMotion: "reduce" });
  await settled(page);
  await page.evaluate(axe);
  for (let step = 1; step <= 8; ++step) {
    await go(page, step);
    await page.evaluate(() => document.querySelectorAll("details:not(.menu)").forEach((d) => (d.open = true)));
    await page.waitForTimeout(200);
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    check(`axe-core: step ${step}, ${theme}, ${lang}`, found.violations.length === 0, found.violations.map((v) => `${v.id} x ${v.nodes.length} ${v.nodes[0].target} ${v.nodes[0].failureSummary?.slice(0, 160)}`).join(" | "));
  }
  await browser.close();
}

// --- layout ------------------------------------------------------------------------------------------------------------
if (part("layout")) for (const [width, height] of [[320, 640], [360, 740], [1280, 720], [1920, 1080]]) {
  const { browser, page } = await open(file, { width, height, hash: "#v=1&step=1&lang=de" });
  await settled(page);
  for (let step = 1; step <= 8; ++step) {
    await go(page, step, solvedOnce);
    const report = await page.evaluate(() => {
      const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      const small = [...document.querySelectorAll("button, input, select, summary")]
        .filter((e) => e.getClientRects().length && !e.closest(".hidden") && e.type !== "checkbox" && !e.classList.contains("vote"))
        .filter((e) => {
          const r = e.getBoundingClientRect();
          const least = e.type === "range" || innerWidth > 700 ? 24 : 40; // sliders are 44 px high where a finger points
          return r.width < least || r.height < least;
        })
        .map((e) => e.textContent || e.id);
      const holes = document.body.innerText.match(/\{\w+\}/g) ?? []; // a text whose number is missing
      return { wide, small, holes, foot: document.querySelector(".disclaimer").getBoundingClientRect().height > 0 };
    });
    check(`layout ${width} px, step ${step}`, report.wide <= 0 && !report.small.length && !report.holes.length && report.foot, report.wide > 0 || report.small.length || report.holes.length ? JSON.stringify(report) : "");
  }
  await browser.close();
}

// --- links that were published open for ever -----------------------------------------------------------------------------
if (part("links")) for (const line of readFileSync(join(here, "links.txt"), "utf8").split("\n")) {
  if (!line.trim() || line.startsWith("//")) continue;
  const [hash, expected] = line.split(/\s+/);
  const { browser, page, errors } = await open(file, { hash });
  await settled(page);
  const got = await page.evaluate(() => location.hash);
  check(`link ${hash}`, got === expected && !errors.length, got === expected ? "" : `${got} instead of ${expected}`);
  if (/unknown=/.test(hash)) check("an unknown key is named in a notice", /unknown=/.test(await page.locator(".notice").textContent()));
  await browser.close();
}

// --- worksheet ---------------------------------------------------------------------------------------------------------
if (part("sheet"))
  for (const lang of ["en", "de"]) {
    const { browser, page } = await open(file, { hash: `#v=1&step=1&lang=${lang}` });
    await settled(page);
    for (const key of [false, true]) {
      await page.evaluate(() => {
        window.printed = 0;
        window.print = () => ++window.printed;
      });
      await page.locator(".menu > summary").click();
      await page.locator(".menu-box button").nth(key ? 4 : 3).click();
      await page.waitForFunction(() => window.printed === 1, null, { timeout: 60000 });
      const pdf = (await page.pdf({ format: "A4", preferCSSPageSize: true })).toString("latin1");
      const pages = (pdf.match(/\/Type\s*\/Page\b/g) ?? []).length;
      const answers = await page.locator(".sheet .answer").count();
      check(`worksheet, ${lang}${key ? ", answer key" : ""}: two pages`, pages === 2 && answers === (key ? 7 : 0), `${pages} pages, ${answers} answers`);
    }
    await browser.close();
  }

// --- latency ------------------------------------------------------------------------------------------------------------
if (part("latency")) {
  /** How many times longer than on a free machine a program takes here and now: time passed over time computed. */
  const busy = () => {
    const begun = Date.now();
    const used = process.cpuUsage();
    let spent = 0;
    while (spent < 300e3) {
      const { user, system } = process.cpuUsage(used);
      spent = user + system;
    }
    return Math.max(1, ((Date.now() - begun) * 1e3) / spent);
  };
  // Another program on the machine only ever adds time: the best of up to three rounds says what the page needs.
  let best;
  for (let round = 0; round < 3 && !(best?.median <= 50 && best.p95 <= 120); ++round) {
    const { browser, page } = await open(file, { hash: "#v=1&step=8&lang=en", reducedMotion: "reduce" });
    await settled(page);
    await page.waitForSelector(".one-of-four");
    await page.evaluate(() => {
      window.frames_ = 0;
      const count = () => requestAnimationFrame(() => (++window.frames_, count()));
      count();
    });
    const before = busy();
    await page.evaluate(() => (window.frames_ = 0));
    const began = Date.now();
    const times = [];
    for (let i = 0; i < 200; ++i) {
      // one move to a value never seen before, then its first picture; the next move comes before the slider rests
      const [id, to] = i < 100 ? ["control-mvd", 1 + ((i * 37) % 100)] : ["control-endo", (i * 37) % 100];
      times.push(
        await page.evaluate(
          ([name, v]) => {
            const input = document.getElementById(name);
            const count = window.coronetLatencies().length;
            input.value = String(v);
            input.dispatchEvent(new Event("input", { bubbles: true }));
            return new Promise((done) => {
              const look = () => {
                const all = window.coronetLatencies();
                if (all.length > count) done(all[count]);
                else setTimeout(look, 1);
              };
              look();
            });
          },
          [id, to],
        ),
      );
    }
    const frames = (await page.evaluate(() => window.frames_)) / ((Date.now() - began) / 1000);
    await browser.close();
    times.sort((a, b) => a - b);
    const now = { median: times[100], p95: times[190], frames, slowed: Math.max(before, busy()) };
    console.log(
      `round ${round + 1}: ${now.median.toFixed(0)} ms, ${now.p95.toFixed(0)} ms, ${frames.toFixed(0)} frames/s; ` +
        `others slow the machine ${now.slowed.toFixed(1)} times`,
    );
    if (!best || now.median < best.median) best = now;
  }
  const { median, p95, frames, slowed } = best;
  const held = median <= 50 && p95 <= 120 && frames >= 30 ? "held" : `MISSED (others slow this machine ${slowed.toFixed(1)} times)`;
  console.log(
    `latency of 200 slider moves: median ${median.toFixed(0)} ms (wanted 50), 95th percentile ${p95.toFixed(0)} ms (120), ` +
      `${frames.toFixed(0)} frames/s meanwhile (30): ${held}`,
  );
  // Three and five times what is wanted: beyond, the page is broken rather than the machine busy
  check("latency: median at most 150 ms, 95th percentile at most 600 ms, on a free machine", median <= 150 * slowed && p95 <= 600 * slowed);
}

console.log(`${((Date.now() - start) / 1000).toFixed(0)} s`);
console.log(failed ? `${failed} checks failed` : "all checks passed");
process.exit(failed ? 1 : 0);
