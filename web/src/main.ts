// The page: one state, one engine, and everything that is drawn from them.
import "uplot/dist/uPlot.min.css";
import "./style.css";
import trials from "virtual:trials";
import { gradient, setDark } from "./draw/colour";
import { html } from "./draw/svg";
import { Tree } from "./draw/tree";
import { Beat, Capillaries, Course, Layers, Quadrant, regionOf, Reserve, type Scene, Tests, type Trace, Trial } from "./draw/views";
import { Engine, type Request, type Solution } from "./engine";
import { type Language, languages, num, pressure, t, useLanguage } from "./i18n";
import { assignments, commandLine, linkDefaults, type Phase, protocols, range, readLink, type State, toml, writeLink } from "./state";
import { assumptions, companions, sentenceValues, type Step, steps, stepStart } from "./steps";
import { buildControl, refreshControls } from "./ui/controls";
import { Puzzles } from "./ui/puzzles";
import { type Answers, worksheet } from "./ui/sheet";

const phaseName: Record<Phase, string> = { rest: "rest", adenosine: "adenosine_iv", acetylcholine: "acetylcholine_100uM" };
const reduced = matchMedia("(prefers-reduced-motion: reduce)");

class Page {
  private state: State;
  private language: Language;
  private kPa: boolean;
  private theme: "light" | "dark";
  private engine = new Engine();
  private solution?: Solution;
  private companions: Record<string, Solution | undefined> = {};
  private sentences: Record<number, Record<string, string> | undefined> = {};
  private trail: Trace[] = [];
  private answers: Answers = {};
  private votes: Record<string, number> = {};
  private revealed = new Set<number>();
  private notice = "";
  private presenting = false;
  private stepStarted = Date.now();
  private key = false;
  private spoken = 0;
  private resting = 0;
  private before?: { region: string; ffr: boolean; cfr: boolean };

  private app = document.getElementById("app")!;
  private tree = new Tree();
  private cards = { reserve: new Reserve(), course: new Course(), quadrant: new Quadrant(), beat: new Beat(), layers: new Layers(), capillaries: new Capillaries(), tests: new Tests() };
  private trialCard = new Trial();
  private puzzles = new Puzzles(this.engine);
  private live = html("div", { class: "hidden", role: "status", "aria-live": "polite" });
  private parts: Record<string, HTMLElement> = {};

  constructor() {
    const link = readLink(location.hash);
    this.state = link.state;
    if (!link.hasPatient) this.state = stepStart(link.state.step, linkDefaults);
    const wanted = link.extra.lang ?? localStorageGet("lang") ?? navigator.language.slice(0, 2);
    this.language = wanted in languages ? (wanted as Language) : "en";
    this.kPa = (link.extra.units ?? localStorageGet("units")) === "kPa";
    const dark = matchMedia("(prefers-color-scheme: dark)");
    this.theme = ((link.extra.theme ?? localStorageGet("theme")) as "light" | "dark" | null) ?? (dark.matches ? "dark" : "light");
    if (this.theme !== "dark") this.theme = "light";
    this.key = link.extra.key === "1";
    useLanguage(this.language, this.kPa);
    if (link.ignored.length) this.notice = t("link.ignored", { what: link.ignored.join(", ") });
    this.tree.paused = reduced.matches;
    reduced.addEventListener("change", () => {
      this.tree.paused = reduced.matches;
      this.frame();
    });
    this.frame();
    this.solve();
    addEventListener("keydown", (event) => this.pressed(event));
    addEventListener("hashchange", () => {
      const next = readLink(location.hash);
      if (writeLink(next.state) === writeLink(this.state)) return;
      this.state = next.hasPatient ? next.state : stepStart(next.state.step, this.state);
      this.notice = next.ignored.length ? t("link.ignored", { what: next.ignored.join(", ") }) : "";
      this.enter();
    });
    addEventListener("beforeprint", () => this.prepareSheet());
    setInterval(() => this.tick(), 1000);
    if (link.extra.present === "1") this.present(true);
  }

  private get step(): Step {
    return steps[this.state.step - 1]!;
  }
  private get hidden(): boolean {
    return !!this.step.secret?.(this.state) && !this.revealed.has(this.state.step);
  }

  // --- solving -------------------------------------------------------------------------------------------------
  private request(s: State): Request {
    return { sets: assignments(s), protocols: protocols(s) };
  }

  private solve(): void {
    this.status("solving");
    this.engine.follow(this.request(this.state), (solution) => this.show(solution));
  }

  private show(solution: Solution): void {
    if (solution.answer.status !== "ok") {
      this.status("failed", solution.answer.failure ?? solution.answer.status);
      return;
    }
    this.solution = solution;
    const i = solution.answer.indices;
    if (this.state.step >= 3) {
      const last = this.trail.at(-1);
      if (!last || Math.hypot((last.ffr - i.ffr!) * 8, last.cfr - i.cfr!) > 0.03) this.trail.push({ ffr: i.ffr!, cfr: i.cfr!, imr: i.imr! });
      if (this.trail.length > 60) this.trail.shift();
    }
    this.draw(false);
    this.announceSoon();
    if (solution.sets.join() !== assignments(this.state).join()) return; // the slider is already further
    this.status("exact");
    // after a rest, because browsers refuse hundreds of addresses in a row
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => {
      this.writeAddress();
      this.draw();
      void this.accompany();
    }, 60);
  }

  /** The patients that the sentences compare with, solved when nothing else is wanted. */
  private async accompany(): Promise<void> {
    const state = this.state;
    for (const [name, companion] of Object.entries(companions(state))) {
      const request = this.request({ ...companion, phase: state.phase });
      if (state.step === 6) request.protocols = ["pullback", "acetylcholine"];
      const solution = await this.engine.solve(request);
      if (this.state !== state) return;
      this.companions[name] = solution.answer.status === "ok" ? solution : undefined;
    }
    this.draw();
  }

  private change = (change: Partial<State>, moving: boolean): void => {
    this.state = { ...this.state, ...change };
    refreshControls(this.parts.controls!, this.state, this.solution);
    const pictureOnly = Object.keys(change).every((k) => ["probe", "dots", "rtm", "cutFfr", "cutCfr", "cutImr"].includes(k));
    if (pictureOnly && this.solution) {
      this.draw();
      if (!moving) this.writeAddress();
      this.announceSoon();
    } else {
      if (!("probe" in change)) for (const k of Object.keys(this.companions)) if (k !== "healthy" && k !== "b") delete this.companions[k];
      this.solve();
    }
  };

  // --- the frame -----------------------------------------------------------------------------------------------
  private frame(): void {
    document.documentElement.dataset.theme = this.theme;
    document.title = t("title");
    setDark(this.theme === "dark");
    const p = this.parts;
    p.notice = html("p", { class: "notice", role: "status" });
    p.steps = html("ol", { class: "steps" });
    p.story = html("section", { class: "story", "aria-labelledby": "headline" });
    p.controls = html("div", { class: "controls" });
    p.legend = html("div", { class: "legend" });
    p.metrics = html("div", { class: "metrics" });
    p.views = html("div", { class: "views" });
    p.explain = html("section", { class: "explain", id: "explain", tabindex: -1 });
    p.more = html("section", { class: "more" });
    p.trust = html("section", { class: "trust" });
    p.state = html("span", { class: "engine-state" });
    p.left = html("span", { class: "quiet left-time" });
    p.notes = html("aside", { class: "notes", hidden: true, "aria-label": t("present.notes") });
    p.timer = html("span", { class: "timer" });
    const button = (key: string, act: () => void, kind = "") => {
      const b = html("button", { type: "button", class: kind }, t(key));
      b.addEventListener("click", act);
      return b;
    };
    p.back = button("nav.back", () => this.go(this.state.step - 1), "pager");
    p.next = button("nav.next", () => this.go(this.state.step + 1), "pager next");
    p.reset = button("nav.reset", () => this.reset(), "plain");
    p.pause = button(this.tree.paused ? "tool.play" : "tool.pause", () => {
      this.tree.paused = !this.tree.paused;
      this.parts.pause!.textContent = t(this.tree.paused ? "tool.play" : "tool.pause");
    }, "plain");
    const skip = html("a", { class: "skip", href: "#headline" }, t("skip"));
    skip.addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById("headline")?.focus();
    });
    this.app.replaceChildren(
      skip,
      html("header", { class: "top" }, html("p", { class: "brand" }, html("span", { class: "mark", "aria-hidden": true }), "coronet"), html("nav", { "aria-label": t("nav.steps") }, p.steps), this.toolbar()),
      p.notice,
      html(
        "main",
        {},
        p.story,
        html("section", { class: "stage", "aria-label": t("view.patient") }, html("div", { class: "stage-foot" }, p.legend, p.pause), this.tree.root),
        html("section", { class: "dash", "aria-label": t("view.now") }, p.metrics, p.views),
        p.explain,
        p.more,
        p.trust,
      ),
      html("footer", { class: "foot" }, p.back, html("div", { class: "foot-middle" }, html("strong", { class: "disclaimer" }, t("disclaimer")), html("span", { class: "foot-line" }, p.state, p.left, p.timer)), p.next),
      p.notes,
      this.live,
    );
    this.enter(false);
  }

  private toolbar(): HTMLElement {
    const bar = html("div", { class: "tools", role: "group", "aria-label": t("nav.tools") });
    const tool = (label: string, words: string, act: () => void) => {
      const b = html("button", { type: "button", "aria-label": `${label}: ${words}` }, words);
      b.addEventListener("click", act);
      return b;
    };
    const names = Object.keys(languages) as Language[];
    const next = names[(names.indexOf(this.language) + 1) % names.length]!;
    const again = () => {
      useLanguage(this.language, this.kPa);
      this.frame();
      if (this.solution) this.draw();
      this.writeAddress();
    };
    const menu = html("details", { class: "menu" });
    const entry = (key: string, act: () => void) => {
      const b = html("button", { type: "button" }, t(key));
      b.addEventListener("click", () => {
        menu.open = false;
        menu.querySelector("summary")!.focus();
        act();
      });
      return b;
    };
    menu.append(
      html("summary", {}, t("tool.share")),
      html(
        "div",
        { class: "menu-box" },
        entry("tool.link", () => this.copyLink()),
        entry("tool.command", () => this.copy(commandLine(this.state))),
        entry("tool.toml", () => this.save("patient.toml", toml(this.state, t(`steps.${this.state.step}.title`)))),
        entry("tool.print", () => this.print(false)),
        entry("tool.key", () => this.print(true)),
        entry("tool.log", () => this.save("answers.json", JSON.stringify({ version: __VERSION__, answers: this.answers, votes: this.votes }, null, 2))),
        entry("tool.keys", () => this.help()),
      ),
    );
    bar.append(
      tool(t("tool.language"), languages[next].name, () => {
        this.language = next;
        localStorageSet("lang", next);
        again();
      }),
      tool(t("tool.units"), this.kPa ? "mmHg" : "kPa", () => {
        this.kPa = !this.kPa;
        localStorageSet("units", this.kPa ? "kPa" : "mmHg");
        again();
      }),
      tool(t("tool.theme"), t(this.theme === "dark" ? "tool.light" : "tool.dark"), () => {
        this.theme = this.theme === "dark" ? "light" : "dark";
        localStorageSet("theme", this.theme);
        again();
      }),
      tool(t("tool.present"), t("tool.present"), () => this.present(!this.presenting)),
      menu,
    );
    return bar;
  }

  // --- one step ------------------------------------------------------------------------------------------------
  private go(n: number): void {
    if (n < 1 || n > 8) return;
    this.state = stepStart(n, this.state);
    this.notice = "";
    this.enter();
    document.getElementById("headline")?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }

  private reset(): void {
    this.state = stepStart(this.state.step, linkDefaults);
    this.revealed.delete(this.state.step);
    delete this.answers[this.state.step];
    this.enter();
  }

  private enter(solve = true): void {
    const n = this.state.step;
    this.trail = [];
    this.companions = {};
    this.before = undefined;
    this.stepStarted = Date.now();
    document.documentElement.dataset.step = String(n);
    this.parts.notice!.textContent = this.notice;
    this.parts.notice!.hidden = !this.notice;
    this.parts.steps!.replaceChildren(
      ...steps.map((_, k) => {
        const b = html("button", { type: "button", "aria-current": k + 1 === n ? "step" : undefined, "aria-label": `${k < 7 ? t("nav.step", { n: k + 1 }) : t("nav.sandbox")}: ${t(`steps.${k + 1}.title`)}`, title: t(`steps.${k + 1}.title`) }, k < 7 ? String(k + 1) : "∞");
        b.addEventListener("click", () => this.go(k + 1));
        return html("li", {}, b);
      }),
    );
    const headline = html("h1", { id: "headline", tabindex: -1 }, t(`steps.${n}.title`));
    this.parts.controls = html("div", { class: "controls" });
    for (const control of this.step.controls) this.parts.controls.append(buildControl(control, this.state, this.change));
    this.parts.predict = html("div", { class: "predict" });
    this.parts.story!.replaceChildren(
      html(
        "div",
        { class: "story-head" },
        html("p", { class: "kicker" }, n < 8 ? t("nav.step", { n }) : t("nav.sandbox"), html("span", { class: "case-title" }, t("title"))),
        headline,
        html("p", { class: "lead" }, t(`steps.${n}.lead`)),
      ),
      ...(this.step.predict ? [this.parts.predict] : []),
      html("div", { class: "do" }, html("div", { class: "do-head" }, html("h2", {}, t("ui.do")), this.parts.reset!), html("p", {}, t(`steps.${n}.do`)), this.parts.controls),
    );
    this.buildPrediction();
    this.parts.views!.replaceChildren(...this.step.views.map((name) => (name === "trial" ? this.trialCard : this.cards[name]).root));
    this.buildMore();
    this.parts.trust!.replaceChildren(
      html("h2", {}, t("ui.trust")),
      html("dl", {}, ...(["model", "data", "simple"] as const).map((k) => html("div", {}, html("dt", {}, t(`ui.${k}`)), html("dd", {}, t(`steps.${n}.${k}`, assumptions()))))),
      html("p", { class: "quiet" }, t("ui.about", { version: __VERSION__, hash: __ENGINE_HASH__ })),
    );
    (this.parts.back as HTMLButtonElement).disabled = n === 1;
    (this.parts.next as HTMLButtonElement).disabled = n === 8;
    const left = steps.slice(n - 1).reduce((a, s) => a + s.seconds, 0);
    this.parts.left!.textContent = n < 8 ? t("nav.left", { n: Math.max(1, Math.round(left / 60)) }) : t("nav.done");
    this.drawNotes();
    refreshControls(this.parts.controls, this.state, this.solution);
    if (solve) this.solve();
  }

  private buildMore(): void {
    const more = this.parts.more!;
    more.replaceChildren();
    if (this.state.step === 8) {
      const all = (["course", "beat", "layers", "tests", "capillaries"] as const).map((v) => this.cards[v].root);
      more.append(this.puzzles.root, html("div", { class: "views open-views" }, ...all));
      void this.puzzles.build();
      return;
    }
    const rest = (["beat", "layers", "capillaries", "course"] as const).filter((v) => !this.step.views.includes(v));
    const details = html("details", {}, html("summary", {}, t("view.more")), html("div", { class: "views" }, ...rest.map((v) => this.cards[v].root)));
    details.addEventListener("toggle", () => this.draw());
    more.append(details);
  }

  private buildPrediction(): void {
    const n = this.state.step;
    const predict = this.step.predict;
    const box = this.parts.predict!;
    if (!predict) return;
    const question = html("p", { class: "question", id: "question" }, t(`steps.${n}.question`));
    const feedback = html("p", { class: "feedback", role: "status" });
    this.parts.feedback = feedback;
    if (predict === "mark") {
      const value = this.answers[n] ?? 100;
      const input = html("input", { type: "range", id: "mark", min: 0, max: 240, step: 2, value });
      const output = html("output", { for: "mark" }, num(value));
      const commit = html("button", { type: "button", class: "action" }, t("ui.commit"));
      const words = () => {
        output.textContent = num(Number(input.value));
        input.setAttribute("aria-valuetext", `${num(Number(input.value))} mL/min`);
        input.style.setProperty("--filled", String(Number(input.value) / 240));
      };
      words();
      input.addEventListener("input", () => {
        words();
        this.answers[n] = Number(input.value);
        this.draw();
      });
      commit.addEventListener("click", () => {
        this.answers[n] = Number(input.value);
        this.revealed.add(n);
        this.draw();
      });
      box.replaceChildren(html("h2", {}, t("ui.predict")), question, html("div", { class: "control" }, html("div", { class: "control-head" }, html("label", { for: "mark" }, t("ui.mark")), output), input), commit, feedback);
      return;
    }
    const options = html("div", { class: "options", role: "group", "aria-labelledby": "question" });
    for (let k = 1; k <= predict.options; ++k) {
      const words = t(`steps.${n}.options.${k}.text`);
      const option = html("button", { type: "button", "aria-pressed": String(this.answers[n] === k), "data-option": k }, words);
      option.addEventListener("click", () => {
        this.answers[n] = k;
        this.revealed.add(n);
        for (const b of options.querySelectorAll("[data-option]")) b.setAttribute("aria-pressed", String(b === option));
        this.draw();
      });
      const vote = html("button", { type: "button", class: "vote", "aria-label": t("present.add", { option: words }), title: t("present.tally") }, num(this.votes[`${n}.${k}`] ?? 0));
      vote.addEventListener("click", (event) => {
        const id = `${n}.${k}`;
        this.votes[id] = Math.max(0, (this.votes[id] ?? 0) + (event.shiftKey ? -1 : 1));
        vote.textContent = num(this.votes[id]!);
      });
      options.append(html("div", { class: "option" }, option, vote));
    }
    box.replaceChildren(html("h2", {}, t("ui.predict")), question, options, feedback);
  }

  // --- drawing -------------------------------------------------------------------------------------------------
  /** Everything that is seen; `all` also what is not, for those who read instead of look. */
  private draw(all = true): void {
    const solution = this.solution;
    if (!solution) return;
    const state = this.state;
    const i = solution.answer.indices;
    const phase = solution.answer.views[phaseName[state.phase]] ? phaseName[state.phase] : "adenosine_iv";
    this.tree.update(solution, state, phase);
    document.documentElement.classList.toggle("told", this.revealed.has(state.step));
    const scene: Scene = {
      solution,
      state,
      phase,
      trail: this.trail,
      ...(this.companions.healthy ? { healthy: this.companions.healthy } : {}),
      ...(this.companions.other && !this.hidden ? { other: this.companions.other } : {}),
      ...(state.step === 3 && this.answers[3] !== undefined ? { guess: this.answers[3] } : {}),
      secret: this.hidden,
    };
    // Step 7 shows what its trial treated
    this.cards.capillaries.root.hidden = state.step === 7 && state.trial !== "escape-cmd";
    this.cards.tests.root.hidden = state.step === 7 && state.trial === "escape-cmd";
    for (const card of Object.values(this.cards)) if ((all || card.inSight) && card.root.isConnected && card.root.closest("details:not([open]).more, details:not(.data):not([open])") === null) card.update(scene);
    if (state.step === 7) this.trialCard.draw(trials[state.trial], state);
    this.drawMetrics(i);
    this.drawExplanation(solution);
    this.parts.legend!.replaceChildren(
      html("span", {}, pressure(0)), html("i", { class: "ramp", style: `background:${gradient("pressure")}` }), html("span", {}, pressure(105)),
    );
    refreshControls(this.parts.controls!, state, solution);
    if (state.step === 8) this.puzzles.update(solution);
  }

  private drawMetrics(i: Record<string, number>): void {
    const { state } = this;
    const box = this.parts.metrics!;
    const cut = { ffr: state.cutFfr, cfr: state.cutCfr, imr: state.cutImr };
    const bad = { ffr: i.ffr! <= cut.ffr, cfr: i.cfr! < cut.cfr, imr: i.imr! >= cut.imr };
    const names = this.step.metrics;
    box.hidden = !names.length;
    if (!names.length) return box.replaceChildren();
    const open = box.querySelector("details")?.open ?? false;
    const focus = document.activeElement?.id;
    if (focus?.startsWith("cut-") && box.contains(document.activeElement)) {
      // a line is being moved: only the figures change
      box.querySelectorAll<HTMLElement>(".metric").forEach((m, k) => this.fillMetric(m, names[k]!, i, bad));
      return;
    }
    const tiles = html("div", { class: "tiles" }, ...names.map((name) => {
      const tile = html("div", { class: "metric" });
      this.fillMetric(tile, name, i, bad);
      return tile;
    }));
    const details = html("details", { class: "cutoffs" }, html("summary", {}, t("metric.cutoffs")));
    details.open = open;
    for (const name of names) {
      const key = { ffr: "cutFfr", cfr: "cutCfr", imr: "cutImr" }[name] as "cutFfr" | "cutCfr" | "cutImr";
      const [low, high] = range(key);
      const input = html("input", { type: "range", id: `cut-${name}`, min: low, max: high, step: name === "ffr" ? 0.01 : name === "cfr" ? 0.1 : 1, value: cut[name] });
      const output = html("output", { for: `cut-${name}` }, num(cut[name], name === "ffr" ? 2 : name === "cfr" ? 1 : 0));
      input.style.setProperty("--filled", String((cut[name] - low) / (high - low)));
      input.setAttribute("aria-valuetext", `${name.toUpperCase()} ${output.textContent}`);
      input.addEventListener("input", () => {
        output.textContent = num(Number(input.value), name === "ffr" ? 2 : name === "cfr" ? 1 : 0);
        input.setAttribute("aria-valuetext", `${name.toUpperCase()} ${output.textContent}`);
        input.style.setProperty("--filled", String((Number(input.value) - low) / (high - low)));
        this.change({ [key]: Number(input.value) }, false);
      });
      details.append(html("div", { class: "control" }, html("div", { class: "control-head" }, html("label", { for: `cut-${name}` }, name.toUpperCase()), output), input, html("p", { class: "quiet small" }, t(`metric.${name}Source`))));
    }
    details.append(html("p", { class: "small" }, t("metric.disputed")));
    box.replaceChildren(tiles, details);
  }

  private fillMetric(tile: HTMLElement, name: "ffr" | "cfr" | "imr", i: Record<string, number>, bad: Record<string, boolean>): void {
    const secret = this.hidden && this.state.step === 2;
    const value = secret ? "?" : num(i[name]!, name === "imr" ? 0 : 2);
    tile.className = `metric metric-${name}${bad[name] && !secret ? " bad" : ""}`;
    tile.replaceChildren(
      html("p", { class: "metric-name" }, name.toUpperCase()),
      html("p", { class: "metric-value" }, value),
      html("p", { class: "metric-word" }, secret ? "" : `${bad[name] ? "▼" : "●"} ${t(bad[name] ? "metric.abnormal" : "metric.normal")}`),
      html("p", { class: "metric-what" }, t(`metric.${name}`)),
    );
  }

  private drawExplanation(solution: Solution): void {
    const n = this.state.step;
    const values = sentenceValues(this.state, solution, this.companions);
    if (values) this.sentences[n] = values;
    const known = values ?? this.sentences[n];
    this.parts.explain!.replaceChildren(
      html("h2", {}, t("ui.explain")),
      html("p", { class: "explain-text" }, known ? t(`steps.${n}.explain`, known) : t("solving")),
      html("p", { class: "takeaway" }, html("span", { class: "kicker" }, t("ui.takeaway")), known ? t(`steps.${n}.takeaway`, known) : t("solving")),
    );
    const feedback = this.parts.feedback;
    const predict = this.step.predict;
    const answer = this.answers[n];
    if (!feedback || !predict) return;
    let words = "";
    if (answer !== undefined && known && this.revealed.has(n)) {
      if (predict === "mark") words = t("ui.markResult", { guess: num(answer), value: known.maxAfter! });
      else words = `${t(answer === predict.right ? "ui.right" : "ui.wrong")} ${t(`steps.${n}.options.${answer}.feedback`, known)}`;
      feedback.classList.toggle("good", predict === "mark" || answer === predict.right);
    }
    if (feedback.textContent !== words) feedback.textContent = words;
  }

  private status(kind: "exact" | "solving" | "failed", reason = ""): void {
    const words = kind === "failed" ? t("failed", { reason }) : this.solution || kind !== "solving" ? t(kind) : t("loading");
    const state = this.parts.state!;
    state.dataset.kind = kind;
    if (state.textContent !== words) state.textContent = words;
    document.documentElement.dataset.engine = kind;
  }

  // --- speech, after half a second of rest ---------------------------------------------------------------------
  private announceSoon(): void {
    clearTimeout(this.spoken);
    this.spoken = window.setTimeout(() => {
      const s = this.solution;
      if (!s) return;
      const i = s.answer.indices;
      const now = { region: regionOf(i, this.state), ffr: i.ffr! > this.state.cutFfr, cfr: i.cfr! >= this.state.cutCfr };
      const v = { ffr: num(i.ffr!, 2), cfr: num(i.cfr!, 2), imr: num(i.imr!) };
      const words: string[] = [];
      if (this.state.step >= 3 && this.before) {
        if (now.ffr !== this.before.ffr) words.push(t(now.ffr ? "say.ffrUp" : "say.ffrDown", v));
        if (now.cfr !== this.before.cfr) words.push(t(now.cfr ? "say.cfrUp" : "say.cfrDown", v));
      }
      if (!words.length && this.state.step >= 3) words.push(t("say.now", v));
      this.before = now;
      if (words.length) this.live.textContent = words.join(" ");
    }, 500);
  }

  // --- keys, sharing, presenting -------------------------------------------------------------------------------
  private pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const on = event.target as HTMLElement;
    const typing = on.matches?.("input[type=range], select, textarea, input[type=text]");
    const key = event.key;
    if (document.body.classList.contains("black") && key !== "b" && key !== "B") document.body.classList.remove("black");
    if (typing && ["PageUp", "PageDown", "Home", "End"].includes(key)) return;
    if (typing && on.tagName === "SELECT") return;
    const act: Record<string, () => void> = {
      n: () => this.go(this.state.step + 1),
      PageDown: () => this.go(this.state.step + 1),
      p: () => this.go(this.state.step - 1),
      PageUp: () => this.go(this.state.step - 1),
      r: () => this.reset(),
      e: () => {
        this.revealed.add(this.state.step);
        this.draw();
        this.parts.explain!.scrollIntoView({ behavior: reduced.matches ? "auto" : "smooth", block: "center" });
        this.parts.explain!.focus({ preventScroll: true });
      },
      l: () => this.copyLink(),
      f: () => this.present(!this.presenting),
      s: () => {
        if (this.presenting) this.parts.notes!.hidden = !this.parts.notes!.hidden;
      },
      b: () => {
        if (this.presenting) document.body.classList.toggle("black");
      },
      "?": () => this.help(),
      Escape: () => {
        if (this.presenting) this.present(false);
        for (const menu of document.querySelectorAll<HTMLDetailsElement>(".menu[open]")) {
          menu.open = false;
          menu.querySelector("summary")!.focus();
        }
      },
    };
    // Only a clicker's keys turn pages outside the presentation
    if ((key === "PageDown" || key === "PageUp") && !this.presenting && document.documentElement.scrollHeight > innerHeight + 4) return;
    const run = act[key] ?? act[key.toLowerCase()];
    if (!run) return;
    event.preventDefault();
    run();
  }

  private linkExtras(): Record<string, string> {
    return { lang: this.language, ...(this.kPa ? { units: "kPa" } : {}) };
  }

  private writeAddress(): void {
    history.replaceState(null, "", writeLink(this.state, this.linkExtras()));
  }

  private copyLink(): void {
    this.writeAddress();
    this.copy(location.href);
  }

  private copy(text: string): void {
    const focused = document.activeElement as HTMLElement | null;
    const area = html("textarea", { class: "hidden", "aria-hidden": true });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy"); // works on file:// in every browser, unlike navigator.clipboard
    area.remove();
    focused?.focus({ preventScroll: true });
    document.documentElement.dataset.copied = text;
    this.toast(`${t("tool.copied")}: ${text}`);
  }

  private save(name: string, text: string): void {
    const link = html("a", { download: name, href: URL.createObjectURL(new Blob([text], { type: "text/plain" })) });
    link.click();
    this.toast(`${t("tool.saved")}: ${name}`);
  }

  private toast(words: string): void {
    document.querySelector(".toast")?.remove();
    const toast = html("p", { class: "toast", role: "status" }, words);
    document.body.append(toast);
    setTimeout(() => toast.remove(), 5000);
  }

  private help(): void {
    const close = html("button", { type: "button", class: "action" }, t("tool.close"));
    const dialog = html("dialog", { "aria-labelledby": "keys-title" }, html("h2", { id: "keys-title" }, t("keys.title")), html("ul", {}, ...["next", "back", "reset", "explain", "link", "present", "notes", "sliders"].map((k) => html("li", {}, t(`keys.${k}`)))), close);
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  private present(on: boolean): void {
    this.presenting = on;
    document.documentElement.classList.toggle("presenting", on);
    this.parts.notes!.hidden = true;
    document.body.classList.remove("black");
    if (on) void document.documentElement.requestFullscreen?.().catch(() => undefined);
    else if (document.fullscreenElement) void document.exitFullscreen();
    this.stepStarted = Date.now();
    this.tick();
  }

  private tick(): void {
    if (!this.presenting) {
      this.parts.timer!.textContent = "";
      return;
    }
    const clock = (s: number) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
    this.parts.timer!.textContent = t("present.timer", { now: clock((Date.now() - this.stepStarted) / 1000), plan: clock(this.step.seconds) });
  }

  private drawNotes(): void {
    this.parts.notes!.replaceChildren(html("h2", {}, t("present.notes")), html("p", {}, t(`steps.${this.state.step}.notes`)), html("p", { class: "small" }, t("present.tally")));
  }

  private prepareSheet(): void {
    document.querySelector(".sheet")?.remove();
    document.body.append(worksheet(this.solution, this.sentences, this.answers, this.key));
  }

  /** The key needs the numbers of every step: those not visited yet are solved first. */
  private async print(key: boolean): Promise<void> {
    this.key = key;
    if (key)
      for (let n = 1; n <= 7; ++n) {
        if (this.sentences[n]) continue;
        const state = stepStart(n, linkDefaults);
        const here = await this.engine.solve(this.request(state));
        const known: Record<string, Solution> = {};
        for (const [name, companion] of Object.entries(companions(state))) {
          const request = this.request({ ...companion, phase: state.phase });
          if (n === 6) request.protocols = ["pullback", "acetylcholine"];
          known[name] = await this.engine.solve(request);
        }
        this.sentences[n] = sentenceValues(state, here, known);
      }
    this.prepareSheet();
    print();
  }

  /** For tests: how long it took from a slider's move to its picture. */
  get latencies(): number[] {
    return this.engine.latencies;
  }
}

function localStorageGet(key: string): string | null {
  try {
    return localStorage.getItem(`coronet.${key}`);
  } catch {
    return null; // some browsers refuse it on file://
  }
}
function localStorageSet(key: string, value: string): void {
  try {
    localStorage.setItem(`coronet.${key}`, value);
  } catch {
    // the choice then lasts until the page is closed
  }
}

const page = new Page();
Object.assign(window, { coronetLatencies: () => page.latencies });
