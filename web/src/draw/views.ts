// The linked views of one patient. Each is a card: update() draws the solution and fills the table behind it.
import uPlot from "uplot";
import type { Solution } from "../engine";
import { num, pressure, pressureDigits, pressureUnit, pressureValue, signed, t } from "../i18n";
import { drawnDensity, type State } from "../state";
import { Card } from "../ui/card";
import { gradient, perfusionColour, perfusionInk } from "./colour";
import { clamp, html, path, type Point, svg } from "./svg";
import { stationAt, stations } from "./tree";

/** What a view is drawn from: the solution, the state, and other solutions of the step to compare with. */
export interface Scene {
  solution: Solution;
  state: State;
  phase: string;
  healthy?: Solution; // the same woman without disease
  other?: Solution; // the step's counterpart (with the stent, before the disease …)
  trail: Trace[];
  guess?: number; // a marker that the learner placed, mL/min
  secret: boolean; // what the step asks for stays hidden
}
export interface Trace {
  ffr: number;
  cfr: number;
  imr: number;
}

/** What the step's counterpart is, seen from the patient on the page. */
const otherName = (s: State): string =>
  t(`view.other.${s.step === 5 ? "ill" : s.step === 7 ? (s.after ? "before" : "after") : s.stent ? "without" : "with"}`);

const rest = "rest";
const maximum = "adenosine_iv";
const chart = (width: number, height: number, label: string) =>
  svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: "chart" });
const text = (x: number, y: number, words: string, kind = "", anchor = "start") =>
  svg("text", { x, y, class: kind, "text-anchor": anchor }, words);

// --- flow reserve ----------------------------------------------------------------------------------------------
export class Reserve extends Card {
  constructor() {
    super("reserve");
  }
  update({ solution, state, healthy, other, guess, secret }: Scene): void {
    const i = solution.answer.indices;
    const asked = secret && state.step === 2; // the maximum is the question
    const shown = state.phase === "rest" ? "rest" : "maximum";
    const top = Math.max(200, i.flow_hyperaemia_mL_per_min * 1.08, (healthy?.answer.indices.flow_hyperaemia_mL_per_min ?? 0) * 1.08);
    const width = 420;
    const x = (q: number) => 8 + (q / top) * (width - 16);
    const words = t("view.reserve.label", { rest: num(i.flow_rest_mL_per_min), max: num(i.flow_hyperaemia_mL_per_min), cfr: num(i.cfr, 2) });
    const c = chart(width, 112, words);
    c.append(svg("rect", { x: 8, y: 40, width: width - 16, height: 38, rx: 19, class: "bar-ground" }));
    if (!asked) c.append(svg("rect", { x: 8, y: 40, width: x(i.flow_hyperaemia_mL_per_min) - 8, height: 38, rx: 19, class: shown === "maximum" ? "bar-max" : "bar-max idle" }));
    c.append(
      svg("rect", { x: 8, y: 40, width: x(i.flow_rest_mL_per_min) - 8, height: 38, rx: 19, class: "bar-rest" }),
    );
    c.append(text(x(i.flow_rest_mL_per_min) - 12, 64, num(i.flow_rest_mL_per_min), "strong on-rest", "end"), text(12, 100, t("phase.rest"), "of-rest-text"));
    const most = asked ? width - 4 : clamp(x(i.flow_hyperaemia_mL_per_min), 210, width - 4);
    c.append(text(most, 30, asked ? t("view.reserve.unknown") : `${t("view.reserve.max")} ${num(i.flow_hyperaemia_mL_per_min)} mL/min`, "strong", "end"));
    const mark = (q: number, name: string, kind: string) =>
      c.append(
        svg("path", { d: `M${x(q)} 35V84`, class: `mark ${kind}` }),
        text(clamp(x(q), 110, width - 46), 100, name, "quiet", "middle"),
      );
    if (healthy && state.step > 2) mark(healthy.answer.indices.flow_hyperaemia_mL_per_min, t("view.reserve.healthy"), "healthy");
    if (other) mark(other.answer.indices.flow_hyperaemia_mL_per_min, otherName(state), "other");
    if (guess !== undefined) c.append(svg("path", { d: `M${x(guess)} 36l-7 -12h14zM${x(guess)} 40V78`, class: "guess" }));
    this.body.replaceChildren(c);
    const row = (name: string, s?: Solution) =>
      s ? [[name, num(s.answer.indices.flow_rest_mL_per_min, 1), num(s.answer.indices.flow_hyperaemia_mL_per_min, 1), num(s.answer.indices.cfr, 2)]] : [];
    this.show({
      head: [t("view.patient"), t("view.reserve.rest_unit"), t("view.reserve.max_unit"), "CFR"],
      rows: [...row(t("view.now"), solution), ...row(t("view.reserve.healthy"), healthy), ...(other ? row(otherName(state), other) : [])],
    });
  }
}

// --- pressure along the way ------------------------------------------------------------------------------------
export class Course extends Card {
  constructor() {
    super("course");
  }
  update({ solution, state }: Scene): void {
    const width = 420;
    const height = 236;
    const left = 40;
    const right = width - 10;
    const middle = left + (right - left) * 0.5;
    const y = (mmHg: number) => 186 - (mmHg / 105) * 166;
    const c = chart(width, height, "");
    const r = solution.answer;
    const far = r.views[rest]!.pullback.at(-1)!.distance_mm;
    const classes = ["small_artery", "arteriole", "terminal_arteriole", "capillary", "venule_vein"];
    const xClass = (k: number) => middle + 26 + ((right - 20 - middle - 26) * k) / (classes.length - 1);
    c.append(svg("rect", { x: left, y: 12, width: middle - left, height: 174, class: "seen" }), text((left + middle) / 2, 24, t("view.course.seen"), "tiny", "middle"), text((middle + right) / 2, 24, t("view.course.unseen"), "tiny", "middle"));
    for (const mark of [0, 25, 50, 75, 100]) {
      c.append(svg("path", { d: `M${left} ${y(mark)}H${right}`, class: "grid" }), text(left - 6, y(mark) + 4, num(pressureValue(mark), pressureDigits()), "tiny", "end"));
    }
    const curve = (phase: string): Point[] => [
      ...r.views[phase]!.pullback.map((p): Point => [left + (p.distance_mm / far) * (middle - left), y(p.pressure_mmHg)]),
      ...classes.map((name, k): Point => [xClass(k), y(r.phases[phase]!.pressure_along_tree_mmHg[name]!)]),
    ];
    for (const phase of [rest, maximum]) {
      if (phase === maximum && state.step === 1) continue;
      const points = curve(phase);
      c.append(svg("path", { d: path(points), class: `line ${phase === rest ? "of-rest" : "of-max"}` }));
      for (const [px, py] of points.slice(-classes.length)) c.append(svg("circle", { cx: px, cy: py, r: 3.2, class: `dot ${phase === rest ? "of-rest" : "of-max"}` }));
    }
    classes.forEach((name, k) => c.append(text(xClass(k), 200 + (k % 2) * 13, t(`short.${name}`), "tiny", "middle")));
    c.append(text(left, 200, "0", "tiny", "middle"), text(middle - 4, 200, `${num(far)} mm`, "tiny", "end"), text((left + middle) / 2, 216, t("view.course.axis"), "tiny", "middle"));
    if (state.step === 1) {
      const s = state.probe;
      const tree = r.phases[rest]!.pressure_along_tree_mmHg;
      let k = 1;
      while (k < stationAt.length - 1 && s > stationAt[k]!) ++k;
      const share = (s - stationAt[k - 1]!) / (stationAt[k]! - stationAt[k - 1]!);
      const value = tree[stations[k - 1]!]! + share * (tree[stations[k]!]! - tree[stations[k - 1]!]!);
      const at = s <= stationAt[4]! ? left + (s / stationAt[4]!) * (middle - left) : k === 5 ? middle + share * (xClass(0) - middle) : xClass(k - 6) + share * (xClass(k - 5) - xClass(k - 6));
      c.append(svg("path", { d: `M${at} 30V186`, class: "probe-line" }), svg("circle", { cx: at, cy: y(value), r: 6, class: "probe-dot" }));
    } else {
      c.append(text(left + 4, height - 2, `— ${t("phase.rest")}`, "tiny of-rest-text"), text(left + 110, height - 2, `- - ${t("phase.adenosine_iv")}`, "tiny of-max-text"));
    }
    const names = [...stations, "venule_vein"];
    c.setAttribute("aria-label", t("view.course.label", { aorta: pressure(r.phases[rest]!.pressure_along_tree_mmHg.aorta!), wire: pressure(r.phases[rest]!.pressure_along_tree_mmHg.LAD_mid!), capillary: pressure(r.phases[rest]!.pressure_along_tree_mmHg.capillary!) }));
    this.body.replaceChildren(c);
    this.show({
      head: [t("view.course.place"), `${t("phase.rest")}, ${pressureUnit()}`, `${t("phase.adenosine_iv")}, ${pressureUnit()}`],
      rows: names.map((name) => [t(`place.${name}`), ...[rest, maximum].map((p) => pressure(r.phases[p]!.pressure_along_tree_mmHg[name]!, false))]),
    });
  }
}

// --- FFR × CFR ---------------------------------------------------------------------------------------------------
export class Quadrant extends Card {
  constructor() {
    super("quadrant");
  }
  update({ solution, state, other, trail }: Scene): void {
    const i = solution.answer.indices;
    const size = 400;
    const height = 300;
    const left = 40;
    const x = (ffr: number) => left + ((clamp(ffr, 0.5, 1.0) - 0.5) / 0.5) * (size - left - 22);
    const y = (cfr: number) => 262 - ((clamp(cfr, 1, 5) - 1) / 4) * 246;
    const words = t("view.quadrant.label", { ffr: num(i.ffr, 2), cfr: num(i.cfr, 2), imr: num(i.imr, 1), region: t(`view.quadrant.region.${regionOf(i, state)}`) });
    const c = chart(size, height, words);
    const cx = x(state.cutFfr);
    const cy = y(state.cutCfr);
    const box = (x0: number, y0: number, x1: number, y1: number, kind: string, name: string, low = false) => {
      c.append(svg("rect", { x: x0, y: y0, width: x1 - x0, height: y1 - y0, class: `zone zone-${kind}` }));
      const words = name.split("|");
      words.forEach((line, k) => c.append(text((x0 + x1) / 2, (low ? y1 - 10 - (words.length - 1) * 13 : y0 + 18) + k * 13, line, "tiny zone-text", "middle")));
    };
    box(left, 16, cx, cy, "a", t("view.quadrant.lesion"));
    box(cx, 16, size - 16, cy, "b", t("view.quadrant.normal"));
    box(left, cy, cx, 262, "c", t("view.quadrant.both"), true);
    box(cx, cy, size - 16, 262, "d", t("view.quadrant.micro"), true);
    c.append(svg("path", { d: `M${cx} 16V262M${left} ${cy}H${size - 16}`, class: "cut" }));
    for (const f of [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]) c.append(text(x(f), 278, num(f, 1), "tiny", "middle"));
    for (const f of [1, 2, 3, 4, 5]) c.append(text(left - 6, y(f) + 4, num(f), "tiny", "end"));
    c.append(text((left + size) / 2, 295, "FFR", "tiny strong", "middle"), svg("text", { x: 12, y: 140, class: "tiny strong", "text-anchor": "middle", transform: "rotate(-90 12 140)" }, "CFR"));
    if (trail.length > 1) c.append(svg("path", { d: path(trail.map((p): Point => [x(p.ffr), y(p.cfr)])), class: "trail" }));
    trail.slice(0, -1).forEach((p, k) => {
      if (k % Math.ceil(trail.length / 12) === 0) c.append(svg("circle", { cx: x(p.ffr), cy: y(p.cfr), r: 3, class: "trail-dot" }));
    });
    const high = i.imr >= state.cutImr;
    const radius = clamp(8 + (i.imr - 10) * 0.42, 8, 30);
    const px = x(i.ffr!);
    const py = y(i.cfr!);
    let above = false; // the name of the ring, when something else stands below it
    if (other) {
      const o = other.answer.indices;
      const ox = x(o.ffr!);
      const oy = y(o.cfr!);
      const apart = Math.hypot(ox - px, oy - py);
      if (apart > 2) {
        c.append(svg("circle", { cx: ox, cy: oy, r: 7, class: "ghost" }));
        if (apart < radius + 12) c.append(text(px - radius - 8, oy + 4, otherName(state), "tiny strong", "end"));
        else {
          above = oy > py;
          c.append(text(clamp(ox, left + 44, size - 58), oy + (above ? 22 : -13), otherName(state), "tiny strong", "middle"));
        }
      }
    }
    c.append(
      svg("circle", { cx: px, cy: py, r: radius, class: `imr-ring ${high ? "high" : ""}` }),
      svg("circle", { cx: px, cy: py, r: 6, class: "here" }),
      text(clamp(px, left + 40, size - 60), above ? py - radius - 8 : py + radius + 15, `IMR ${num(i.imr!, 0)}${high ? " ▲" : ""}`, "tiny strong", "middle"),
    );
    this.body.replaceChildren(c);
    const row = (name: string, s: Trace) => [name, num(s.ffr, 2), num(s.cfr, 2), num(s.imr, 1)];
    this.show(
      {
        head: [t("view.patient"), "FFR", "CFR", "IMR (mmHg·s)"],
        rows: [row(t("view.now"), i as unknown as Trace), ...(other ? [row(otherName(state), other.answer.indices as unknown as Trace)] : [])],
      },
      t("view.quadrant.note", { imr: num(state.cutImr) }),
    );
  }
}

export function regionOf(i: Record<string, number>, state: State): string {
  const lesion = i.ffr! <= state.cutFfr;
  const low = i.cfr! < state.cutCfr;
  return lesion ? (low ? "both" : "lesion") : low ? "micro" : "normal";
}

// --- one beat ---------------------------------------------------------------------------------------------------
export class Beat extends Card {
  private plots: uPlot[] = [];
  private size = 0;
  private last?: Scene;
  constructor() {
    super("beat");
    new ResizeObserver(([entry]) => {
      const w = Math.floor(entry!.contentRect.width);
      if (w > 60 && Math.abs(w - this.size) > 2) {
        this.size = w;
        if (this.last) this.update(this.last);
      }
    }).observe(this.body);
  }
  update(scene: Scene): void {
    this.last = scene;
    const { solution, phase } = scene;
    if (!this.size) return;
    const css = getComputedStyle(document.documentElement);
    const colour = (name: string) => css.getPropertyValue(name).trim();
    const period = solution.answer.views[phase]!.period_s;
    const n = solution.answer.views.samples;
    const x = Float64Array.from({ length: n + 1 }, (_, j) => (j / n) * period);
    const wave = (name: string, f = (v: number) => v) => {
      const w = solution.wave(phase, name);
      return Float64Array.from({ length: n + 1 }, (_, j) => f(w[j % n]!));
    };
    const axis = (label: string, size = 46) => ({ label, labelSize: 16, size, stroke: colour("--quiet"), grid: { stroke: colour("--hair"), width: 1 }, ticks: { show: false }, font: "12px Inter Variable, sans-serif", labelFont: "12px Inter Variable, sans-serif", values: (_: uPlot, v: number[]) => v.map((a) => num(a, a % 1 ? 1 : 0)) });
    const draw = (height: number, unit: string, series: uPlot.Series[], data: Float64Array[]) =>
      new uPlot(
        { width: this.size, height, legend: { show: false }, cursor: { show: false }, select: { show: false, left: 0, top: 0, width: 0, height: 0 }, scales: { x: { time: false } }, axes: [axis("s", 30), axis(unit)], series: [{}, ...series] },
        [x, ...data] as unknown as uPlot.AlignedData,
      );
    for (const p of this.plots) p.destroy();
    const a = draw(150, pressureUnit(), [
      { stroke: colour("--ink"), width: 2 },
      { stroke: colour("--quiet"), width: 1.5, dash: [2, 3] },
      { stroke: colour("--max"), width: 2, dash: [8, 4] },
    ], [wave("aortic_pressure_mmHg", pressureValue), wave("left_ventricular_pressure_mmHg", pressureValue), wave("distal_pressure_mmHg", pressureValue)]);
    const b = draw(150, "mL/min", [
      { stroke: colour("--rest"), width: 2.4 },
      { stroke: colour("--ach"), width: 1.6, dash: [8, 4] },
      { stroke: colour("--third"), width: 1.6, dash: [2, 3] },
    ], [wave("flow_LAD_mL_per_min"), wave("flow_subendocardium_mL_per_min"), wave("flow_subepicardium_mL_per_min")]);
    this.plots = [a, b];
    const key = (words: [string, string][]) => html("p", { class: "key" }, ...words.map(([kind, w]) => html("span", { class: `key-${kind}` }, w)));
    const words = t("view.beat.label", { flow: num(solution.answer.phases[phase]!.flow_lad_mL_per_min) });
    const box = html("div", { role: "img", "aria-label": words });
    box.append(a.root, b.root);
    this.body.replaceChildren(
      box,
      key([["aorta", t("view.beat.aortic")], ["lv", t("view.beat.lv")], ["wire", t("view.beat.wire")]]),
      key([["lad", t("view.beat.lad")], ["endo", t("view.beat.endo")], ["epi", t("view.beat.epi")]]),
    );
    const sample = Array.from({ length: 11 }, (_, k) => Math.min(k * 20, n - 1));
    const names = ["aortic_pressure_mmHg", "left_ventricular_pressure_mmHg", "distal_pressure_mmHg", "flow_LAD_mL_per_min"];
    this.show({
      head: [t("view.beat.time"), `${t("view.beat.aortic")}, ${pressureUnit()}`, `${t("view.beat.lv")}, ${pressureUnit()}`, `${t("view.beat.wire")}, ${pressureUnit()}`, `${t("view.beat.lad")}, mL/min`],
      rows: sample.map((j) => [num((j / n) * period, 2), ...names.map((name, k) => (k < 3 ? pressure(solution.wave(phase, name)[j]!, false) : num(solution.wave(phase, name)[j]!)))]),
    });
  }
}

// --- layers of the wall -------------------------------------------------------------------------------------------
export class Layers extends Card {
  constructor() {
    super("layers");
  }
  update({ solution, phase }: Scene): void {
    const stress = phase === rest ? maximum : phase;
    const c = chart(420, 236, t("view.layers.label", { rest: num(solution.answer.phases[rest]!.endo_epi_ratio, 2), max: num(solution.answer.phases[stress]!.endo_epi_ratio, 2) }));
    [rest, stress].forEach((p, n) => {
      const cx = 108 + n * 206;
      const cy = 104;
      // Territories of a short-axis slice: LAD in front and septum, LCx lateral, RCA inferior
      const sectors: ["LAD" | "LCx" | "RCA", number, number][] = [["LAD", 170, 310], ["LCx", 310, 400], ["RCA", 40, 170]];
      for (const [name, from, to] of sectors) {
        solution.answer.views[p]!.layers[name].forEach((layer, l) => {
          const r0 = 34 + l * 17.5;
          const r1 = r0 + 16.5;
          const v = layer.perfusion_mL_per_min_per_g;
          c.append(svg("path", { d: ring(cx, cy, r0, r1, from + 1.2, to - 1.2), fill: perfusionColour(v), class: "wall-layer" }));
          if (name === "LAD") {
            const a = (240 * Math.PI) / 180;
            c.append(svg("text", { x: cx + ((r0 + r1) / 2) * Math.cos(a), y: cy + ((r0 + r1) / 2) * Math.sin(a) + 4, "text-anchor": "middle", class: "tiny strong", style: `fill:${perfusionInk(v)}` }, num(v, 1)));
          }
        });
        const a = ((from + to) / 2) * (Math.PI / 180);
        c.append(text(cx + 97 * Math.cos(a), cy + 97 * Math.sin(a) + 4, name, "tiny", "middle"));
      }
      c.append(text(cx, cy + 4, "LV", "tiny quiet", "middle"), text(cx, 226, t(`phase.${p}`), "strong small", "middle"));
    });
    const scale = html("p", { class: "scale" }, html("span", {}, "0"), html("i", { style: `background:${gradient("perfusion")}` }), html("span", {}, `4 mL/min/g`));
    this.body.replaceChildren(c, scale);
    const layers = ["endo", "mid", "epi"];
    this.show({
      head: [t("view.layers.layer"), `${t("phase.rest")}, mL/min/g`, `${t(`phase.${stress}`)}, mL/min/g`],
      rows: (["LAD", "LCx", "RCA"] as const).flatMap((name) => layers.map((l, k) => [`${name}, ${t(`layer.${l}`)}`, ...[rest, stress].map((p) => num(solution.answer.views[p]!.layers[name][k]!.perfusion_mL_per_min_per_g, 2))])),
    });
  }
}

function ring(cx: number, cy: number, r0: number, r1: number, from: number, to: number): string {
  const at = (r: number, degrees: number): string => `${(cx + r * Math.cos((degrees * Math.PI) / 180)).toFixed(1)} ${(cy + r * Math.sin((degrees * Math.PI) / 180)).toFixed(1)}`;
  const large = to - from > 180 ? 1 : 0;
  return `M${at(r0, from)}A${r0} ${r0} 0 ${large} 1 ${at(r0, to)}L${at(r1, to)}A${r1} ${r1} 0 ${large} 0 ${at(r1, from)}Z`;
}

// --- capillaries in cross-section ----------------------------------------------------------------------------------
export class Capillaries extends Card {
  constructor() {
    super("capillaries");
  }
  update({ solution, state }: Scene): void {
    const ratio = drawnDensity(state);
    const c = chart(420, 200, t("view.capillaries.label", { percent: num(ratio * 100) }));
    const endo = solution.answer.views[rest]!.layers.LAD;
    [1, ratio].forEach((density, side) => {
      const x0 = 12 + side * 206;
      const fibres = svg("g");
      const g = svg("g");
      const step = 27;
      let k = 0;
      for (let row = 0; row < 6; ++row)
        for (let col = 0; col < 7; ++col) {
          const x = x0 + 12 + col * step + (row % 2 ? step / 2 : 0);
          const y = 18 + row * step * 0.86;
          fibres.append(svg("polygon", { points: hexagon(x, y, 14.4), class: "muscle" }));
          const rank = (k++ * 17) % 42;
          if (rank < density * 40) g.append(svg("circle", { cx: x + 7.4, cy: y + 12.4, r: 3.6, class: "capillary-dot" }));
        }
      c.append(fibres, g, text(x0 + 98, 184, side ? t("view.capillaries.here", { percent: num(density * 100) }) : t("view.capillaries.healthy"), "small strong", "middle"));
    });
    this.body.replaceChildren(c);
    this.show({
      head: [t("view.layers.layer"), t("view.capillaries.density"), t("view.capillaries.tension")],
      rows: ["endo", "mid", "epi"].map((l, k) => [t(`layer.${l}`), num(ratio, 2), `${pressure(endo[k]!.tissue_tension_mmHg)}`]),
    });
  }
}
const hexagon = (x: number, y: number, r: number): string =>
  Array.from({ length: 6 }, (_, k) => `${(x + r * Math.sin((k * Math.PI) / 3)).toFixed(1)},${(y + r * Math.cos((k * Math.PI) / 3)).toFixed(1)}`).join(" ");

// --- two tests ------------------------------------------------------------------------------------------------------
export class Tests extends Card {
  constructor() {
    super("tests");
  }
  update({ solution, state, secret }: Scene): void {
    const i = solution.answer.indices;
    const solved = solution.answer.phases.acetylcholine_100uM !== undefined;
    const known = solved && !secret;
    const rows: [string, string, number, number, boolean][] = [
      ["adenosine", t("view.tests.adenosine"), (i.cfr - 1) * 100, (state.cutCfr - 1) * 100, i.cfr < state.cutCfr],
      ...(known ? ([["ach", t("view.tests.ach"), i.ach_cbf_change_percent!, 50, i.ach_cbf_change_percent! <= 50]] as [string, string, number, number, boolean][]) : []),
    ];
    const c = chart(420, 176, rows.map(([, name, value]) => `${name} ${signed(value)} %`).join(", "));
    const x = (v: number) => 70 + ((clamp(v, -50, 400) + 50) / 450) * 340;
    rows.forEach(([kind, name, value, cut, low], n) => {
      const y = 34 + n * 78;
      const from = Math.min(x(0), x(value));
      c.append(
        text(8, y - 10, name, "strong small"),
        svg("rect", { x: x(-50), y, width: 340, height: 26, rx: 13, class: "bar-ground" }),
        svg("rect", { x: from, y, width: Math.max(Math.abs(x(value) - x(0)), 4), height: 26, rx: 4, class: `bar-${kind}` }),
        svg("path", { d: `M${x(0)} ${y - 4}v34`, class: "zero" }),
        svg("path", { d: `M${x(cut)} ${y - 6}v38`, class: "cut" }),
        text(x(cut), y + 44, t("view.tests.cut", { value: signed(cut) }), "tiny", "middle"),
        text(62, y + 18, `${signed(value)} %`, "strong", "end"),
        text(412, y - 10, low ? t("view.tests.abnormal") : t("view.tests.normal"), low ? "small strong warn" : "small", "end"),
      );
    });
    if (solved && !known) c.append(text(8, 102, t("view.tests.ach"), "strong small"), svg("rect", { x: x(-50), y: 112, width: 340, height: 26, rx: 13, class: "bar-ground" }), text(62, 130, "?", "strong", "end"));
    this.body.replaceChildren(c);
    this.show({
      head: [t("view.tests.test"), t("view.tests.change"), t("view.tests.diameter")],
      rows: [
        [t("view.tests.adenosine"), `${signed((i.cfr - 1) * 100)} %`, "–"],
        ...(known ? [[t("view.tests.ach"), `${signed(i.ach_cbf_change_percent!)} %`, `${signed(i.ach_diameter_change_percent!)} %`]] : []),
      ],
    });
  }
}

// --- trials ------------------------------------------------------------------------------------------------------------
export class Trial extends Card {
  constructor() {
    super("trial");
  }
  draw(data: TrialJson, state: State): void {
    const escape = data.trial === "escape-cmd";
    const measure = escape ? "cfr" : "ach_cbf_change_percent";
    const digits = escape ? 2 : 0;
    const [low, high] = escape ? [1, 4.5] : [-80, 200];
    const cut = escape ? state.cutCfr : 50;
    const width = 480;
    const y = (v: number) => 250 - ((clamp(v, low, high) - low) / (high - low)) * 220;
    const columns: { name: string; kind: string; before: TrialSummary; after: TrialSummary; pairs?: [number[], number[]] }[] = [];
    const reported = (when: string) => data.reported.find((r) => r.measure === measure && r.timepoint === when)!;
    const spread = (r: ReturnType<typeof reported>) => ({ mean: r.mean, n: r.n, sd: r.sd ?? ((r.ci_high! - r.ci_low!) / (2 * 1.959964)) * Math.sqrt(r.n) });
    const arm = (when: string) => data.arms.find((a) => a.timepoint === when)!;
    const values = data.enrolled_as_measured;
    columns.push({ name: t("view.trial.reported"), kind: "reported", before: spread(reported("baseline")), after: spread(reported("6 months")) });
    columns.push({ name: t("view.trial.virtual"), kind: "cells", before: arm("baseline"), after: arm("6 months"), pairs: [values.baseline, values.with_cells] });
    if (state.rtm) {
      const n = data.nulls.regression_to_mean;
      columns.push({ name: t("view.trial.control"), kind: "control", before: n.baseline, after: n.follow_up, pairs: [values.baseline, values.without_cells] });
    }
    const c = chart(width, 310, columns.map((k) => `${k.name}: ${num(k.before.mean, digits)} → ${num(k.after.mean, digits)}`).join("; "));
    for (let v = Math.ceil(low / (escape ? 1 : 50)) * (escape ? 1 : 50); v <= high; v += escape ? 1 : 50) c.append(svg("path", { d: `M46 ${y(v)}H${width - 8}`, class: "grid" }), text(40, y(v) + 4, num(v), "tiny", "end"));
    c.append(svg("path", { d: `M46 ${y(cut)}H${width - 8}`, class: "cut" }), text(48, y(cut) - 6, t("view.trial.cut", { value: num(cut, escape ? 1 : 0) }), "tiny"));
    const slot = (width - 60) / columns.length;
    columns.forEach((k, n) => {
      const xa = 52 + slot * n + slot * 0.3;
      const xb = 52 + slot * n + slot * 0.72;
      if (k.pairs && state.dots)
        for (let i = 0; i < Math.min(20, k.pairs[0].length); ++i) {
          const a = k.pairs[0][i]!;
          const b = k.pairs[1][i]!;
          const shift = ((i * 7) % 20) - 10;
          if (state.after) c.append(svg("path", { d: `M${xa + shift * 0.5} ${y(a)}L${xb + shift * 0.5} ${y(b)}`, class: `pair ${k.kind}` }));
          c.append(svg("circle", { cx: xa + shift * 0.5, cy: y(a), r: 3.4, class: `patient ${k.kind}` }));
          if (state.after) c.append(svg("circle", { cx: xb + shift * 0.5, cy: y(b), r: 3.4, class: `patient ${k.kind}` }));
        }
      const bar = (x: number, s: TrialSummary, side: number) => {
        c.append(svg("path", { d: `M${x} ${y(s.mean - s.sd)}V${y(s.mean + s.sd)}M${x - 6} ${y(s.mean - s.sd)}h12M${x - 6} ${y(s.mean + s.sd)}h12`, class: `sd ${k.kind}` }));
        c.append(k.kind === "reported" ? svg("path", { d: `M${x} ${y(s.mean) - 8}l8 8l-8 8l-8 -8z`, class: "mean reported" }) : svg("circle", { cx: x, cy: y(s.mean), r: 7.5, class: `mean ${k.kind}` }));
        c.append(text(x + side * 11, y(s.mean) + (side < 0 ? 20 : -10), num(s.mean, digits), "strong small halo", side < 0 ? "end" : "start"));
      };
      bar(xa, k.before, -1);
      if (state.after) {
        c.append(svg("path", { d: `M${xa} ${y(k.before.mean)}L${xb} ${y(k.after.mean)}`, class: `sd ${k.kind} thick` }));
        bar(xb, k.after, 1);
      }
      k.name.split("|").forEach((line, m) => c.append(text((xa + xb) / 2, 274 + m * 15, line, m ? "tiny" : "small strong", "middle")));
      c.append(text(xa, 304, t("view.trial.before"), "tiny", "middle"), text(xb, 304, t("view.trial.after"), "tiny", "middle"));
    });
    this.body.replaceChildren(c);
    this.show(
      {
        head: [t("view.trial.arm"), t("view.trial.before"), t("view.trial.after"), "n"],
        rows: columns.map((k) => [k.name.replace("|", ", "), `${num(k.before.mean, digits)} ± ${num(k.before.sd, digits)}`, `${num(k.after.mean, digits)} ± ${num(k.after.sd, digits)}`, `${k.before.n}/${k.after.n}`]),
      },
      t(`trial.${data.trial}.note`, { patients: data.patients, enrolled: data.enrolled, seed: data.seed }),
    );
  }
}

