// The coronary tree from the aorta to the vein: the arteries an angiogram shows on the heart, and through a lens the
// vessels it does not. Lumen width is diameter (two scales, written under the picture), colour and number are pressure,
// motion is flow with the beat of the engine's own waveform.
import type { PhaseView, Solution } from "../engine";
import { num, pressure, pressureDigits, pressureValue, t } from "../i18n";
import { drawnDensity, structure, type State } from "../state";
import { pressureColour } from "./colour";
import { clamp, html, lerp, normalsOf, path, type Point, round, smooth, svg, tube } from "./svg";

interface Layout {
  width: number;
  height: number;
  heart: { x: number; y: number; scale: number };
  lens: { x: number; y: number; r: number };
  type: number;
}
const wide: Layout = {
  width: 960,
  height: 560,
  heart: { x: 4, y: 62, scale: 1.2 },
  lens: { x: 724, y: 284, r: 226 },
  type: 15,
};
const tall: Layout = {
  width: 440,
  height: 640,
  heart: { x: 6, y: 0, scale: 0.76 },
  lens: { x: 238, y: 442, r: 162 },
  type: 14,
};

// The heart's own coordinates, 420 × 340
const heartLine: Point[] = [
  [164, 112], [122, 108], [86, 132], [70, 178], [74, 226], [100, 266], [150, 292], [212, 316], [268, 338], [310, 340],
  [342, 312], [364, 262], [372, 206], [356, 154], [318, 122], [270, 108], [214, 116],
];
const pulmonaryLine: Point[] = [[232, 168], [238, 132], [252, 98], [276, 76], [304, 68]];
const aortaLine: Point[] = [[208, 128], [206, 92], [204, 58], [216, 30], [246, 18], [282, 26], [302, 52]];
const arteries: Record<string, Point[]> = {
  left_main: [[216, 118], [230, 116], [244, 118]],
  LAD_proximal: [[244, 118], [258, 134], [266, 158], [271, 182]],
  LAD_mid: [[271, 182], [276, 210], [286, 236]],
  LAD_distal: [[286, 236], [298, 264], [304, 290], [302, 314]],
  LCx_proximal: [[244, 118], [272, 116], [298, 124]],
  LCx_mid: [[298, 124], [326, 136], [344, 158]],
  LCx_distal: [[344, 158], [356, 184], [358, 214]],
  RCA_proximal: [[198, 120], [168, 126], [138, 140]],
  RCA_mid: [[138, 140], [108, 160], [98, 196]],
  RCA_distal: [[98, 196], [104, 240], [138, 276]],
};
const twigs: Point[][] = [
  [[262, 146], [286, 164], [312, 196]],
  [[272, 190], [298, 212], [320, 250]],
  [[279, 222], [260, 246], [240, 262]],
  [[300, 125], [316, 160], [324, 182]],
  [[118, 152], [138, 178], [166, 196]],
  [[99, 200], [126, 222], [150, 232]],
  [[138, 276], [172, 288], [210, 296]],
];
const order = ["left_main", "LAD_proximal", "LAD_mid", "LAD_distal"];

/** Where the probe can stand: along the LAD, then down the vessel classes of the lens. */
export const stations = ["aorta", ...order, "small_artery", "arteriole", "terminal_arteriole", "capillary"] as const;
export const stationAt = [0, 8, 20, 34, 48, 60, 74, 88, 100];

export function pressureAt(tree: Record<string, number>, probe: number): number {
  for (let i = 1; i < stations.length; ++i)
    if (probe <= stationAt[i]!)
      return lerp(
        tree[stations[i - 1]!]!,
        tree[stations[i]!]!,
        (probe - stationAt[i - 1]!) / (stationAt[i]! - stationAt[i - 1]!),
      );
  return tree.capillary!;
}
export function stationNear(probe: number): string {
  let best = 0;
  stationAt.forEach((at, i) => {
    if (Math.abs(at - probe) < Math.abs(stationAt[best]! - probe)) best = i;
  });
  return stations[best]!;
}

interface Flowing {
  line: SVGPathElement;
  speed: number; // px/s at mean flow
  wave?: string;
  offset: number;
}

const widths = [30, 19, 13, 8.4] as const; // small artery, first and second arterioles, terminal arterioles, at full width

export class Tree {
  readonly root = html("figure", { class: "tree" });
  private picture = svg("svg", { role: "img", class: "tree-picture" });
  private layout = wide;
  private flows: Flowing[] = [];
  private lensVessels: { line: Point[]; kind: number; side: number; wall: SVGPathElement; lumen: SVGPathElement }[] = [];
  private segments = new Map<string, { line: Point[]; wall: SVGPathElement; lumen: SVGPathElement[] }>();
  private capillaries: SVGPathElement[] = [];
  private lesion = svg("g");
  private labels = svg("g", { class: "labels" });
  private probe = svg("g", { class: "probe" });
  private caption = html("figcaption", { class: "quiet" });
  private waves: Record<string, Float64Array> = {};
  private means: Record<string, number> = {};
  private period = 1;
  private clock = 0;
  private before = 0;
  paused = false;

  constructor() {
    this.root.append(this.picture);
    this.root.append(this.caption);
    new ResizeObserver(([entry]) => {
      const fit = entry!.contentRect.width < 620 ? tall : wide;
      if (fit !== this.layout || !this.segments.size) {
        this.layout = fit;
        this.build();
        if (this.latest) this.update(...this.latest);
      }
    }).observe(this.root);
    const frame = (now: number) => {
      const dt = Math.min((now - this.before) / 1000, 0.05);
      this.before = now;
      if (!this.paused && !document.hidden) this.advance(dt);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  private place = ([x, y]: Point): Point => {
    const h = this.layout.heart;
    return [h.x + x * h.scale, h.y + y * h.scale];
  };

  private build(): void {
    const { width, height, lens } = this.layout;
    this.picture.replaceChildren();
    this.picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.segments.clear();
    this.flows = [];
    this.lensVessels = [];
    this.capillaries = [];
    const id = "lens-clip";
    this.picture.append(
      svg(
        "defs",
        {},
        svg("clipPath", { id }, svg("circle", { cx: lens.x, cy: lens.y, r: lens.r })),
        svg(
          "pattern",
          { id: "plaque-pattern", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(35)" },
          svg("rect", { width: 5, height: 5, class: "plaque-ground" }),
          svg("rect", { width: 1.6, height: 5, class: "plaque-line" }),
        ),
        svg(
          "radialGradient",
          { id: "heart-shade", cx: "38%", cy: "30%", r: "80%" },
          svg("stop", { offset: "0", class: "heart-light" }),
          svg("stop", { offset: "1", class: "heart-deep" }),
        ),
      ),
    );
    // Heart and aorta
    const outline = smooth([...heartLine, heartLine[0]!].map(this.place), 12);
    this.picture.append(svg("path", { d: path(outline) + "Z", class: "heart" }));
    const aorta = smooth(aortaLine.map(this.place), 10);
    const scale = this.layout.heart.scale;
    const pulmonary = smooth(pulmonaryLine.map(this.place), 10);
    this.picture.append(svg("path", { d: tube(aorta, () => 40 * scale), class: "aorta" }));
    this.picture.append(svg("path", { d: tube(pulmonary, (x) => (46 - 12 * x) * scale), class: "aorta pulmonary" }));
    for (const twig of twigs) {
      const line = smooth(twig.map(this.place), 8);
      this.picture.append(svg("path", { d: tube(line, (s) => (3.4 - 2.4 * s) * scale), class: "twig" }));
    }
    // Epicardial arteries: all walls below all lumens, so that branches open into each other
    const walls = svg("g");
    const lumens = svg("g");
    const cells = svg("g");
    this.drawCone();
    this.picture.append(walls, lumens, this.lesion, cells);
    for (const name of Object.keys(arteries).reverse()) {
      const line = smooth(arteries[name]!.map(this.place), 12);
      const wall = svg("path", { class: "wall" });
      const lumen = Array.from({ length: 6 }, () => svg("path", { class: "lumen" }));
      walls.append(wall);
      lumens.append(...lumen);
      this.segments.set(name, { line, wall, lumen });
      this.addFlow(line, name, name.startsWith("RCA") ? "flow_RCA_mL_per_min" : name.startsWith("LCx") ? "flow_LCx_mL_per_min" : "flow_LAD_mL_per_min", 2.1, cells);
    }
    this.buildLens(id);
    this.picture.append(this.labels, this.probe);
  }

  private drawCone(): void {
    const { lens } = this.layout;
    // What the lens magnifies: a spot on the distal LAD, and the cone of light between them
    const [x0, y0] = this.place([295, 256]);
    const r0 = 9;
    const distance = Math.hypot(lens.x - x0, lens.y - y0);
    const along = Math.atan2(lens.y - y0, lens.x - x0);
    const open = Math.acos((r0 - lens.r) / distance);
    const on = (x: number, y: number, r: number, side: number): Point => [x + r * Math.cos(along + side * open), y + r * Math.sin(along + side * open)];
    const cone = [on(x0, y0, r0, 1), on(lens.x, lens.y, lens.r, 1), on(lens.x, lens.y, lens.r, -1), on(x0, y0, r0, -1)];
    this.picture.append(
      svg("path", { d: path(cone) + "Z", class: "cone" }),
      svg("circle", { cx: x0, cy: y0, r: r0, class: "lens-source" }),
    );
  }

  private buildLens(clip: string): void {
    const { lens } = this.layout;
    this.picture.append(svg("circle", { cx: lens.x, cy: lens.y, r: lens.r, class: "lens-ground" }));
    const group = svg("g", { "clip-path": `url(#${clip})` });
    this.picture.append(group);
    const walls = svg("g");
    const lumens = svg("g");
    const cells = svg("g");
    const s = lens.r / 232;
    const X = (x: number) => lens.x + x * s;
    const Y = (y: number) => lens.y + y * s;
    // Muscle fibres behind
    for (let y = -220; y <= 220; y += 20) {
      const fibre = smooth([-240, -120, 0, 120, 240].map((x, i): Point => [X(x), Y(y + (i % 2 ? 5 : -5))]), 6);
      group.append(svg("path", { d: path(fibre), class: "fibre" }));
    }
    // Capillaries: 48 drawn at most; how many are shown follows their density
    const rows = 48;
    for (let i = 0; i < rows; ++i) {
      // six leave each last arteriole and meet again in its venule
      const tip = -175 + 50 * Math.floor(i / 6);
      const y = tip + ((i % 6) - 2.5) * 8.4;
      const w = ((i * 7919) % 13) - 6;
      const capillary = smooth([[X(-44), Y(tip)], [X(-28), Y(y)], [X(-4), Y(y + w * 0.4)], [X(24), Y(y - w * 0.5)], [X(56), Y(y + w * 0.2)], [X(78), Y(tip)]], 6);
      const element = svg("path", { d: path(capillary), class: "capillary" });
      this.capillaries.push(element);
      group.append(element);
      if (i % 6 === 3) this.addFlow(capillary, "capillary", "flow_LAD_mL_per_min", 1.1 * s, cells, i);
    }
    // Arterial side (side −1) and venous side (+1): one trunk, then 2, 4, 8 branches
    for (const side of [1, -1]) {
      const x = side < 0 ? [-246, -186, -132, -84, -42] : [280, 196, 150, 112, 76];
      const branch = (generation: number, from: number, y: number) => {
        const spread = [0, 100, 50, 25][generation]!;
        const ends = generation === 0 ? [y] : [y - spread, y + spread];
        for (const end of ends) {
          const a = x[generation]!;
          const b = x[generation + 1]!;
          const line = smooth([[X(a), Y(from)], [X(lerp(a, b, 0.35)), Y(lerp(from, end, 0.5))], [X(lerp(a, b, 0.7)), Y(lerp(from, end, 0.92))], [X(b), Y(end)]], 7);
          const wall = svg("path", { class: side < 0 ? "wall" : "wall vein" });
          const lumen = svg("path", { class: "lumen" });
          this.lensVessels.push({ line, kind: generation, side, wall, lumen });
          walls.append(wall);
          lumens.append(lumen);
          if (generation < 3) branch(generation + 1, end, end);
          this.addFlow(side < 0 ? line : [...line].reverse(), "lens" + generation, "flow_LAD_mL_per_min", [3, 2.2, 1.7, 1.3][generation]! * s, cells);
        }
      };
      branch(0, 0, 0);
    }
    group.append(walls, lumens, cells);
    this.picture.append(svg("circle", { cx: lens.x, cy: lens.y, r: lens.r, class: "lens-rim" }));
  }

  private addFlow(line: Point[], name: string, wave: string, width: number, parent: Element, seed = 0): void {
    const element = svg("path", { d: path(line), class: "blood", "stroke-width": width * 1.6, "data-of": name });
    parent.append(element);
    this.flows.push({ line: element, speed: 20, wave, offset: seed * 11 });
  }

  private latest?: [Solution, State, string];

  update(solution: Solution, state: State, phase: string): void {
    this.latest = [solution, state, phase];
    if (!this.segments.size) return;
    const view = solution.answer.views[phase];
    const readings = solution.answer.phases[phase];
    if (!view || !readings) return;
    this.period = view.period_s;
    for (const name of ["flow_LAD_mL_per_min", "flow_LCx_mL_per_min", "flow_RCA_mL_per_min"]) {
      const wave = solution.wave(phase, name);
      this.waves[name] = wave;
      this.means[name] = wave.reduce((a, b) => a + b, 0) / wave.length;
    }
    this.drawArteries(view, state);
    this.drawLens(view, state, readings.flow_lad_mL_per_min);
    this.drawLabels(view, state, readings.pressure_along_tree_mmHg);
    this.picture.setAttribute("aria-label", this.describe(readings.pressure_along_tree_mmHg, phase, state));
    this.caption.textContent = t("tree.caption");
  }

  describe(tree: Record<string, number>, phase: string, state: State): string {
    const at = (name: string) => pressure(tree[name]!);
    return t("tree.description", {
      phase: t(`phase.${phase}`),
      aorta: at("aorta"),
      wire: at("LAD_mid"),
      small: at("small_artery"),
      arteriole: at("arteriole"),
      capillary: at("capillary"),
      vein: at("venule_vein"),
      lesion: state.stent ? t("tree.stented") : state.sten > 0 ? t("tree.narrowed", { percent: state.sten }) : t("tree.open"),
    });
  }

  private drawArteries(view: PhaseView, state: State): void {
    const px = 3.5 * this.layout.heart.scale;
    const residual = state.stent ? Math.min(5, state.sten) : state.sten;
    this.lesion.replaceChildren();
    for (const [name, drawn] of this.segments) {
      const data = view.segments[name]!;
      const upstream = name === "left_main" || name === "RCA_proximal" ? undefined : name === "LCx_proximal" ? "left_main" : order.includes(name) ? order[order.indexOf(name) - 1]! : name.replace("distal", "mid").replace("mid", (m) => (name.endsWith("distal") ? m : "proximal"));
      const before = upstream ? view.segments[upstream]! : undefined;
      const start = (before?.diameter_mm ?? data.diameter_mm) * data.relative_diameter * px;
      const end = data.diameter_mm * data.relative_diameter * px;
      const lesion = name === "LAD_proximal" ? residual / 100 : 0;
      const open = (s: number) => lerp(lerp(start, end, 0.6), end, s);
      const pinch = (s: number) => open(s) * (1 - lesion * Math.exp(-(((s - 0.5) / 0.17) ** 4)));
      drawn.wall.setAttribute("d", tube(drawn.line, (s) => open(s) + 5));
      const from = before ? before.pressure_mmHg : view.segments.left_main!.pressure_mmHg + 0.3;
      const pieces = drawn.lumen.length;
      drawn.lumen.forEach((piece, i) => {
        const last = drawn.line.length - 1;
        piece.setAttribute("d", tube(drawn.line, pinch, Math.floor((i * last) / pieces), Math.ceil(((i + 1) * last) / pieces)));
        const s = name === "LAD_proximal" && residual > 0 ? clamp(((i + 0.5) / pieces - 0.36) / 0.28, 0, 1) : (i + 0.5) / pieces;
        const colour = pressureColour(lerp(from, data.pressure_mmHg, s));
        piece.setAttribute("fill", colour);
        piece.setAttribute("stroke", colour);
      });
      if (name === "LAD_proximal") this.drawLesion(drawn.line, open, pinch, state);
    }
    for (const flow of this.flows) {
      const name = flow.line.dataset.of!;
      const data = view.segments[name];
      if (!data) continue;
      // the speed of blood: flow over cross-section, 1 cm/s as 2.6 px/s
      const main = Math.PI * (data.diameter_mm / 2) ** 2 * (name.includes("distal") ? 2 : 1);
      flow.speed = (data.flow_mL_per_min / 60 / (main / 100)) * 2.6;
    }
  }

  private drawLesion(line: Point[], open: (s: number) => number, pinch: (s: number) => number, state: State): void {
    const last = line.length - 1;
    const from = Math.floor(last * 0.22);
    const to = Math.ceil(last * 0.78);
    if (state.sten > 0) {
      const outside = tube(line, open, from, to);
      const inside = tube(line, pinch, from, to);
      if (!state.stent)
        this.lesion.append(svg("path", { d: outside + inside, "fill-rule": "evenodd", class: "plaque" }));
    }
    if (state.stent) {
      const wires: string[] = [];
      for (let k = 0; k < 6; ++k) {
        const a = Math.round(lerp(from, to, k / 6));
        const b = Math.round(lerp(from, to, (k + 1) / 6));
        const edge = (i: number, side: number): Point => {
          const half = (open(i / last) / 2 + 1) * side;
          const [nx, ny] = normalsOf(line)[i]!;
          return [line[i]![0] + nx * half, line[i]![1] + ny * half];
        };
        wires.push(path([edge(a, 1), edge(b, -1)]), path([edge(a, -1), edge(b, 1)]));
      }
      this.lesion.append(svg("path", { d: wires.join(""), class: "stent" }));
    }
  }

  private drawLens(view: PhaseView, state: State, flow: number): void {
    const layers = view.layers.LAD;
    const mean = (field: "pressure_mmHg" | "relative_diameter", k: number) => layers.reduce((a, l) => a + l[field][k]!, 0) / 3;
    const s = this.layout.lens.r / 232;
    const lumen = structure(state).lumen;
    for (const vessel of this.lensVessels) {
      const arterial = vessel.side < 0;
      const k = arterial ? [0, 1, 1, 2][vessel.kind]! : 4;
      const full = widths[vessel.kind]! * s * (arterial ? 1 : 1.15);
      const narrow = arterial && vessel.kind > 0 ? lumen : 1;
      const width = full * Math.min(mean("relative_diameter", k), 1.25) * narrow;
      const taper = (x: number) => (vessel.kind === 0 ? 1 : lerp(1.12, 0.94, x));
      vessel.wall.setAttribute("d", tube(vessel.line, (x) => (full * (arterial ? 1.06 : 1.1) + 4 * s) * taper(x)));
      vessel.lumen.setAttribute("d", tube(vessel.line, (x) => width * taper(x)));
      const at = arterial
        ? vessel.kind === 2
          ? (mean("pressure_mmHg", 1) + mean("pressure_mmHg", 2)) / 2
          : mean("pressure_mmHg", k)
        : mean("pressure_mmHg", 4);
      vessel.lumen.setAttribute("fill", pressureColour(at));
    }
    const shown = 36 * drawnDensity(state);
    const colour = pressureColour(mean("pressure_mmHg", 3));
    this.capillaries.forEach((element, i) => {
      // 36 of 48 at density 1: which of them go is fixed, so that rarefaction takes and never reshuffles
      const rank = (i * 29) % 48;
      element.setAttribute("stroke", colour);
      element.style.opacity = rank < shown ? "1" : "0";
      element.setAttribute("stroke-width", String(round(3 * s * mean("relative_diameter", 3))));
    });
    for (const f of this.flows)
      if (f.line.dataset.of!.startsWith("lens") || f.line.dataset.of === "capillary")
        f.speed = clamp(flow / 182, 0.05, 1.6) * (f.line.dataset.of === "capillary" ? 26 : 62);
  }

  private drawLabels(view: PhaseView, state: State, tree: Record<string, number>): void {
    const { lens, type } = this.layout;
    this.labels.replaceChildren();
    const label = (x: number, y: number, text: string, anchor: string, kind = "") =>
      this.labels.append(svg("text", { x, y, "text-anchor": anchor, "font-size": type, class: `label ${kind}` }, text));
    const number = (x: number, y: number, mmHg: number, name: string, anchor = "start") => {
      label(x, y, num(pressureValue(mmHg), pressureDigits()), anchor, "strong");
      label(x, y + type * 1.05, name, anchor, "quiet");
    };
    const [ax, ay] = this.place([172, 48]);
    number(ax, ay, tree.aorta!, t("place.aorta"), "end");
    const [tx, ty] = this.place([281, 224]);
    const [wx, wy] = this.place(this.layout === wide ? [334, 84] : [398, 150]);
    number(wx + 6, this.layout === wide ? wy - 10 : wy, view.segments.LAD_mid!.pressure_mmHg, t("place.wire"));
    this.labels.prepend(svg("path", { d: `M${tx} ${ty}L${wx} ${wy}`, class: "hair" }), svg("circle", { cx: tx, cy: ty, r: 4.5, class: "tip" }));
    if (state.sten > 0) {
      const [sx, sy] = this.place([262, 152]);
      const [px, py] = this.place([206, 196]);
      this.labels.prepend(svg("path", { d: `M${sx} ${sy}L${px} ${py}`, class: "hair" }));
      label(px - 4, py + type, state.stent ? t("place.stent") : `${num(state.sten)} %`, "end", "strong on-heart");
    }
    const [lx, ly] = this.place([330, 300]);
    label(lx, ly, "LAD", "start", "quiet");
    const [cx, cy] = this.place([378, 214]);
    label(cx, cy, "LCx", "start", "quiet");
    const [rx, ry] = this.place([66, 206]);
    label(rx, ry, "RCA", "end", "quiet");
    // Classes of the lens on its rim
    const s = lens.r / 232;
    const columns: [string, number][] = [
      ["small_artery", -176], ["arteriole", -92], ["terminal_arteriole", -16], ["capillary", 58], ["venule_vein", 158],
    ];
    columns.forEach(([name, x], i) => {
      const px = lens.x + x * s * 1.02;
      const above = i % 2 === 1;
      const rim = Math.sqrt(Math.max(lens.r ** 2 - (x * s * 1.02) ** 2, 0));
      const y = above ? lens.y - rim - type * 1.7 : Math.min(lens.y + rim + type * 1.5, this.layout.height - type * 1.4);
      number(px + (above ? 0 : Math.sign(x) * (Math.abs(x) > 100 ? type : 0)), y, tree[name]!, t(`place.${name}`), "middle");
    });
    this.drawProbe(tree, state);
  }

  private probePoint(probe: number): Point {
    const last = (line: Point[]) => line[line.length - 1]!;
    const { lens } = this.layout;
    const s = lens.r / 232;
    const way: Point[] = [this.place([206, 96]), ...order.map((name) => last(this.segments.get(name)!.line))];
    way.push([lens.x - 200 * s, lens.y], [lens.x - 108 * s, lens.y + 68 * s], [lens.x - 58 * s, lens.y + 118 * s], [lens.x + 16 * s, lens.y + 122 * s]);
    for (let i = 1; i < way.length; ++i)
      if (probe <= stationAt[i]!) {
        const x = (probe - stationAt[i - 1]!) / (stationAt[i]! - stationAt[i - 1]!);
        if (i <= 4 && i > 1) {
          const line = this.segments.get(order[i - 1]!)!.line;
          return line[Math.round(x * (line.length - 1))]!;
        }
        return [lerp(way[i - 1]![0], way[i]![0], x), lerp(way[i - 1]![1], way[i]![1], x)];
      }
    return last(way);
  }

  private drawProbe(tree: Record<string, number>, state: State): void {
    this.probe.replaceChildren();
    if (state.step !== 1) return;
    const [x, y] = this.probePoint(state.probe);
    const text = pressure(pressureAt(tree, state.probe));
    this.probe.append(
      svg("circle", { cx: x, cy: y, r: 15, class: "probe-ring" }),
      svg("circle", { cx: x, cy: y, r: 5, class: "probe-dot" }),
      svg("rect", { x: x + 20, y: y - 19, width: text.length * 10.6 + 22, height: 34, rx: 17, class: "probe-box" }),
      svg("text", { x: x + 30, y: y + 4, "font-size": 17, class: "probe-text" }, text),
    );
  }

  private advance(dt: number): void {
    this.clock = (this.clock + dt) % this.period;
    for (const flow of this.flows) {
      const wave = flow.wave ? this.waves[flow.wave] : undefined;
      const mean = flow.wave ? this.means[flow.wave] || 1 : 1;
      const now = wave ? wave[Math.floor((this.clock / this.period) * wave.length) % wave.length]! / mean : 1;
      flow.offset -= flow.speed * now * dt;
      flow.line.setAttribute("stroke-dashoffset", flow.offset.toFixed(1));
    }
  }
}
