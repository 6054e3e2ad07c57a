// The seven steps and the sandbox: where each starts, what it lets the learner move, and what it shows.
import trials from "virtual:trials";
import type { Solution } from "./engine";
import { num, pressure, signed } from "./i18n";
import { type State, linkDefaults, ofCase, potency, repair, structure } from "./state";

export type Control =
  | "probe" | "sten" | "stent" | "mvd" | "endo" | "demand" | "spo" | "hb" | "hr"
  | "adenosine" | "drugs" | "patients" | "case" | "trial" | "after" | "dots" | "rtm";
export type ViewName = "reserve" | "course" | "quadrant" | "beat" | "layers" | "capillaries" | "tests" | "trial";
export type Metric = "ffr" | "cfr" | "imr";

export interface Step {
  seconds: number;
  start: Partial<State>;
  controls: Control[];
  views: ViewName[];
  metrics: Metric[];
  predict?: { options: number; right: number } | "mark";
  /** Hides what the question asks for until it is answered or tried. */
  secret?: (s: State) => boolean;
  /** The counterpart that the explanation compares with. */
  other?: (s: State) => Partial<State>;
}

const woman = ofCase("healthy_female");
const sick = { mvd: 100 };

export const threePatients: Record<"A" | "B" | "C", Partial<State>> = {
  A: { ...woman, ...sick },
  B: { ...woman, endo: 10 },
  C: { ...woman, ...sick, endo: 30 },
};

export const steps: Step[] = [
  { seconds: 60, start: { ...woman, probe: 0 }, controls: ["probe"], views: ["course"], metrics: [], predict: { options: 2, right: 2 } },
  {
    seconds: 75,
    start: woman,
    controls: ["adenosine"],
    views: ["reserve"],
    metrics: ["cfr"],
    predict: { options: 3, right: 3 },
    secret: (s) => s.phase === "rest",
  },
  {
    seconds: 90,
    start: { ...woman, sten: 62, phase: "adenosine" },
    controls: ["sten", "stent", "adenosine"],
    views: ["reserve", "course"],
    metrics: ["ffr", "cfr"],
    predict: "mark",
    secret: (s) => !s.stent,
    other: (s) => ({ stent: !s.stent }),
  },
  {
    seconds: 105,
    start: { ...woman, ...sick, sten: 40, phase: "adenosine" },
    controls: ["stent", "adenosine"],
    views: ["quadrant", "reserve"],
    metrics: ["ffr", "cfr", "imr"],
    predict: { options: 3, right: 3 },
    secret: (s) => !s.stent,
    other: (s) => ({ stent: !s.stent }),
  },
  {
    seconds: 90,
    start: { ...woman, sten: 62, phase: "adenosine" },
    controls: ["mvd"],
    views: ["quadrant", "reserve"],
    metrics: ["ffr", "cfr", "imr"],
    predict: { options: 3, right: 3 },
    secret: (s) => s.mvd === 0,
    other: () => ({ mvd: 100 }),
  },
  {
    seconds: 75,
    start: { ...threePatients.B, phase: "adenosine" },
    controls: ["patients", "drugs"],
    views: ["tests", "layers"],
    metrics: ["cfr"],
    predict: { options: 2, right: 2 },
    secret: (s) => s.phase !== "acetylcholine" && s.endo === 10,
  },
  {
    seconds: 75,
    start: { ...woman, ...sick, phase: "adenosine", after: true, dots: true, rtm: false, trial: "escape-cmd" },
    controls: ["trial", "after", "dots", "rtm"],
    views: ["trial", "capillaries", "tests"],
    metrics: ["cfr", "imr"],
    predict: { options: 3, right: 2 },
    secret: () => false,
    other: (s) => ({ after: !s.after }),
  },
  {
    seconds: 0,
    start: { ...woman, phase: "adenosine" },
    controls: ["case", "sten", "stent", "mvd", "endo", "demand", "spo", "hb", "hr", "drugs"],
    views: ["quadrant", "reserve"],
    metrics: ["ffr", "cfr", "imr"],
  },
];

export const stepStart = (n: number, cuts: Pick<State, "cutFfr" | "cutCfr" | "cutImr">): State => ({
  ...linkDefaults,
  ...cuts,
  ...steps[n - 1]!.start,
  step: n,
});

/** Patients whom a step's sentences speak of, besides the one on the page. */
export function companions(s: State): Record<string, State> {
  const healthy: State = { ...s, ...woman, after: false, step: 2 };
  const step = steps[s.step - 1]!;
  const wanted: Record<string, State> = { healthy };
  if (step.other) wanted.other = { ...s, ...step.other(s) };
  if (s.step === 5) {
    wanted.well = { ...s, mvd: 0 };
    wanted.ill = { ...s, mvd: 100 };
  }
  if (s.step === 6) {
    wanted.healthy = { ...s, ...woman };
    wanted.b = { ...s, ...threePatients.B };
  }
  return wanted;
}

/** What the boxes "model, data, simplification" quote: numbers put in, as the trials and the page use them. */
export function assumptions(): Record<string, string> {
  const ill = structure({ ...woman, ...sick });
  return {
    potency: num(potency, 1),
    repair: num(repair * 100),
    retest: num(trials["escape-cmd"].free_parameters.test_retest_correlation!, 1),
    density: num(ill.density * 100),
    lumen: num(ill.lumen * 100),
  };
}

/** Numbers for the sentences of a step; undefined until every companion is known. */
export function sentenceValues(s: State, here: Solution, with_: Record<string, Solution | undefined>): Record<string, string> | undefined {
  const i = here.answer.indices;
  const r = here.answer.phases.rest!;
  const m = here.answer.phases.adenosine_iv!;
  if (Object.keys(companions(s)).some((name) => !with_[name])) return undefined;
  const o = with_.other?.answer.indices;
  const of = (k?: Solution) => k!.answer.indices;
  const mL = (x: number) => num(x);
  switch (s.step) {
    case 1: {
      const tree = r.pressure_along_tree_mmHg;
      const epi = tree.aorta! - tree.LAD_distal!;
      return { epi: pressure(epi), total: pressure(tree.aorta! - tree.right_atrium!), lost: pressure(tree.aorta! - tree.capillary!) };
    }
    case 2:
      return { rest: mL(i.flow_rest_mL_per_min!), max: mL(i.flow_hyperaemia_mL_per_min!), cfr: num(i.cfr!, 1) };
    case 3:
    case 4: {
      const open = s.stent ? i : o!;
      const shut = s.stent ? o! : i;
      const pd = s.stent ? with_.other!.answer.phases.adenosine_iv! : m;
      return {
        sten: num(s.sten),
        pd: pressure(pd.distal_pressure_mmHg),
        ffr: num(shut.ffr!, 2),
        cfr: num(shut.cfr!, 2),
        imr: num(shut.imr!),
        max: mL(shut.flow_hyperaemia_mL_per_min!),
        ffrAfter: num(open.ffr!, 2),
        cfrAfter: num(open.cfr!, 2),
        imrAfter: num(open.imr!),
        maxAfter: mL(open.flow_hyperaemia_mL_per_min!),
        gain: mL(open.flow_hyperaemia_mL_per_min! - shut.flow_hyperaemia_mL_per_min!),
        dcfr: num(open.cfr! - shut.cfr!, 2),
        healthy: mL(of(with_.healthy).flow_hyperaemia_mL_per_min!),
      };
    }
    case 5: {
      const a = of(with_.well);
      const b = of(with_.ill);
      return {
        ffr0: num(a.ffr!, 2),
        ffr1: num(b.ffr!, 2),
        max0: mL(a.flow_hyperaemia_mL_per_min!),
        max1: mL(b.flow_hyperaemia_mL_per_min!),
        dffr: num(b.ffr! - a.ffr!, 2),
      };
    }
    case 6: {
      const b = of(with_.b);
      const stress = here.answer.phases.adenosine_iv!;
      return {
        cfrB: num(b.cfr!, 1),
        achB: signed(b.ach_cbf_change_percent!),
        achH: signed(of(with_.healthy).ach_cbf_change_percent!),
        diaB: signed(b.ach_diameter_change_percent!),
        ee: num(stress.endo_epi_ratio, 2),
      };
    }
    case 7: {
      const d = trials[s.trial];
      const escape = s.trial === "escape-cmd";
      const measure = escape ? "cfr" : "ach_cbf_change_percent";
      const f = (x: number) => (escape ? num(x, 2) : `${num(x)} %`);
      const points = (x: number) => (escape ? signed(x, 2) : signed(x) + " %");
      const rep = (when: string) => d.reported.find((k) => k.measure === measure && k.timepoint === when)!;
      const arm = (when: string) => d.arms.find((k) => k.timepoint === when)!;
      const n = d.nulls.regression_to_mean;
      return {
        rb: escape ? num(rep("baseline").mean, 2) : `${num(rep("baseline").mean, 1)} %`,
        ra: escape ? num(rep("6 months").mean, 2) : `${num(rep("6 months").mean, 1)} %`,
        n: num(rep("6 months").n),
        vb: f(arm("baseline").mean),
        va: f(arm("6 months").mean),
        cb: f(n.baseline.mean),
        ca: f(n.follow_up.mean),
        rise: points(d.change.mean),
        rtm: points(n.change.mean),
      };
    }
    default:
      return { cfr: num(i.cfr!, 2), ffr: num(i.ffr!, 2), imr: num(i.imr!), rest: mL(i.flow_rest_mL_per_min!) };
  }
}
