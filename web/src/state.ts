// What the page shows: one patient, one step, and how it is looked at. A link holds all of it.
import patients from "virtual:patients";
import trials from "virtual:trials";

export type Phase = "rest" | "adenosine" | "acetylcholine";
export type TrialName = "escape-cmd" | "improve-ced";

export interface State {
  step: number; // 1 … 8
  case: string; // shipped patient
  sten: number; // diameter reduction, %
  stent: boolean;
  mvd: number; // microvascular disease, % of cmd_structural's
  endo: number; // endothelial function, %
  demand: number; // oxygen consumption at rest, mL/min/100 g
  spo: number; // defended venous saturation, %
  hb: number; // haemoglobin, g/dL
  hr: number; // heart rate, 1/min
  phase: Phase;
  probe: number; // 0 aorta … 100 capillary
  trial: TrialName;
  after: boolean;
  dots: boolean;
  rtm: boolean;
  cutFfr: number;
  cutCfr: number;
  cutImr: number;
}

/** Parameters that a control moves; all others come from the shipped patient. */
const control = {
  sten: "lesion.diameter_reduction_percent",
  stent: "lesion.stented",
  endo: "endothelium.function",
  demand: "oxygen.consumption_mL_per_min_per_100g",
  spo: "oxygen.venous_saturation_set_point_percent",
  hb: "blood.haemoglobin_g_per_dL",
  hr: "heart.heart_rate_bpm",
} as const;
const density = "microvessels.capillary_density_ratio";
const lumen = "microvessels.arteriolar_lumen_ratio";

export interface Structure {
  density: number; // of capillaries, and lumen of arterioles, relative to healthy
  lumen: number;
}
/** Structure of `mvd` per cent: 100 is that of the shipped patient cmd_structural. */
const alongTheLine = (mvd: number): Structure => ({ density: 1 - (0.45 * mvd) / 100, lumen: 1 - (0.34 * mvd) / 100 });
/** The shipped patient's own structure until the slider leaves where that patient puts it. */
export function structure(s: Pick<State, "case" | "mvd">): Structure {
  const v = valuesOf(s.case);
  return s.mvd === ofCase(s.case).mvd ? { density: Number(v[density]), lumen: Number(v[lumen]) } : alongTheLine(s.mvd);
}

/** Effects of cells, as the trials assume them: density ratio, and share of the missing endothelial function. */
export const potency = trials["escape-cmd"].free_parameters.potency!;
export const repair = trials["improve-ced"].free_parameters.repair!;
/** Capillary density of the LAD that the page draws. */
export const drawnDensity = (s: State): number =>
  structure(s).density * (s.step === 7 && s.after && s.trial === "escape-cmd" ? potency : 1);

const defaults: Record<string, string> = {
  [control.sten]: "0",
  [control.stent]: "false",
  [control.endo]: "0.8",
  [control.demand]: "11",
  [control.spo]: "30",
  [control.hb]: "14.5",
  [control.hr]: "65",
  [density]: "1",
  [lumen]: "1",
};

/** People; the animals stay with the command line. */
export const cases = Object.keys(patients).filter((name) => !/^(dog|swine)_/.test(name));

function valuesOf(name: string): Record<string, string> {
  const known = patients[name];
  if (!known) throw new Error(`no patient '${name}'`);
  return { ...defaults, ...Object.fromEntries(known.sets) };
}

/** The controls as a shipped patient sets them. */
export function ofCase(name: string): Pick<State, "case" | "sten" | "stent" | "mvd" | "endo" | "demand" | "spo" | "hb" | "hr"> {
  const v = valuesOf(name);
  return {
    case: name,
    sten: Number(v[control.sten]),
    stent: v[control.stent] === "true",
    mvd: Math.round(((1 - Number(v[density])) / 0.45) * 100),
    endo: Math.round(Number(v[control.endo]) * 100),
    demand: Number(v[control.demand]),
    spo: Number(v[control.spo]),
    hb: Number(v[control.hb]),
    hr: Number(v[control.hr]),
  };
}

const tidy = (x: number): string => String(Number(x.toFixed(6)));

/** What the controls change on the shipped patient: the `--set` of the same `coronet run`. */
export function overrides(s: State): string[] {
  const v = valuesOf(s.case);
  const wanted: [string, string][] = [
    [control.sten, tidy(s.sten)],
    [control.stent, String(s.stent)],
    [density, tidy(structure(s).density)],
    [lumen, tidy(structure(s).lumen)],
    [control.endo, tidy(s.endo / 100)],
    [control.demand, tidy(s.demand)],
    [control.spo, tidy(s.spo)],
    [control.hb, tidy(s.hb)],
    [control.hr, tidy(s.hr)],
  ];
  const changed = wanted.filter(([key, value]) => v[key] !== value && Number(v[key]) !== Number(value));
  // Six months after cells: what the virtual trials do to the territory that received them
  if (s.step === 7 && s.after) {
    if (s.trial === "escape-cmd")
      changed.push(["microvessels.lad.capillary_density_ratio", tidy(structure(s).density * potency)]);
    else changed.push(["endothelium.lad.function", tidy(s.endo / 100 + repair * (1 - s.endo / 100))]);
  }
  return changed.map((w) => w.join("="));
}

export const assignments = (s: State): string[] => [
  ...patients[s.case]!.sets.map((entry) => entry.join("=")),
  ...overrides(s),
];

export const protocols = (s: State): string[] =>
  s.step === 6 || s.phase === "acetylcholine" || (s.step === 7 && s.trial === "improve-ced") ? ["pullback", "acetylcholine"] : ["pullback"];

export const commandLine = (s: State): string =>
  ["coronet run", s.case, ...overrides(s).map((o) => `--set ${o}`), `--protocol ${protocols(s).join(",")}`].join(" ");

/** A patient file that `coronet run ./FILE` takes. */
export function toml(s: State, title: string): string {
  const values = new Map<string, string>();
  for (const a of assignments(s)) {
    const at = a.indexOf("=");
    values.set(a.slice(0, at), a.slice(at + 1));
  }
  const quote = (text: string) => (/^(true|false|[-+]?[\d.]+(e[-+]?\d+)?)$/i.test(text) ? text : JSON.stringify(text));
  const lines = [`# coronet run ./patient.toml --protocol ${protocols(s).join(",")}`, `title = ${JSON.stringify(title)}`];
  const sections = new Map<string, string[]>();
  for (const [key, value] of values) {
    const dot = key.lastIndexOf(".");
    const section = key.slice(0, dot);
    sections.set(section, [...(sections.get(section) ?? []), `${key.slice(dot + 1)} = ${quote(value)}`]);
  }
  for (const [section, entries] of sections) lines.push("", `[${section}]`, ...entries);
  return lines.join("\n") + "\n";
}

// --- links -----------------------------------------------------------------------------------------------------
/** Version 1 of links. These names, ranges and defaults stay for ever; test/links.txt holds published links. */
const healthyWoman = { case: "healthy_female", sten: 0, stent: false, mvd: 0, endo: 80, demand: 10.5, spo: 30, hb: 13.5, hr: 68 };
export const linkDefaults: State = {
  step: 1,
  ...healthyWoman,
  phase: "rest",
  probe: 0,
  trial: "escape-cmd",
  after: false,
  dots: true,
  rtm: false,
  cutFfr: 0.8,
  cutCfr: 2.5,
  cutImr: 25,
};
const ranges: Partial<Record<keyof State, [number, number]>> = {
  step: [1, 8],
  sten: [0, 80],
  mvd: [0, 100],
  endo: [0, 100],
  demand: [6, 30],
  spo: [20, 70],
  hb: [7, 18],
  hr: [45, 120],
  probe: [0, 100],
  cutFfr: [0.7, 0.9],
  cutCfr: [1.5, 3],
  cutImr: [15, 40],
};
const words: Partial<Record<keyof State, readonly string[]>> = {
  case: cases,
  phase: ["rest", "adenosine", "acetylcholine"],
  trial: ["escape-cmd", "improve-ced"],
};
export const range = (key: keyof State): [number, number] => ranges[key]!;

export interface Link {
  state: State;
  extra: Record<string, string>; // lang, units, theme, key
  ignored: string[];
  hasPatient: boolean;
}
const extras = ["lang", "units", "theme", "key", "present"];

export function readLink(hash: string): Link {
  const link: Link = { state: { ...linkDefaults }, extra: {}, ignored: [], hasPatient: false };
  const state = link.state as unknown as Record<string, unknown>;
  const entries = [...new URLSearchParams(hash.replace(/^#/, ""))];
  const named = entries.find(([key]) => key === "case")?.[1];
  if (named && cases.includes(named)) Object.assign(state, ofCase(named));
  for (const [key, value] of entries) {
    const name = key as keyof State;
    if (key === "v") {
      if (value !== "1") link.ignored.push(`v=${value}`);
    } else if (extras.includes(key)) {
      link.extra[key] = value;
    } else if (name in linkDefaults) {
      const usual = linkDefaults[name];
      let read: unknown;
      if (typeof usual === "boolean") read = value === "1" ? true : value === "0" ? false : undefined;
      else if (typeof usual === "number") {
        const [low, high] = range(name);
        read = value !== "" && Number(value) >= low && Number(value) <= high ? Number(value) : undefined;
      } else read = words[name]!.includes(value) ? value : undefined;
      if (read === undefined) link.ignored.push(`${key}=${value}`);
      else {
        state[key] = read;
        if (key !== "step") link.hasPatient = true;
      }
    } else link.ignored.push(`${key}=${value}`);
  }
  return link;
}

export function writeLink(s: State, extra: Record<string, string> = {}): string {
  const usual: State = { ...linkDefaults, ...ofCase(s.case) };
  const parts = ["v=1", `step=${s.step}`, `case=${s.case}`];
  for (const key of Object.keys(linkDefaults) as (keyof State)[]) {
    if (key === "step" || key === "case" || s[key] === usual[key]) continue;
    parts.push(`${key}=${typeof s[key] === "boolean" ? (s[key] ? 1 : 0) : s[key]}`);
  }
  for (const [key, value] of Object.entries(extra)) parts.push(`${key}=${value}`);
  return "#" + parts.join("&");
}
