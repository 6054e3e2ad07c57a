// Native inputs for the state. Each control writes into the state and says whether it is still moving.
import { html } from "../draw/svg";
import { pressureAt, stationNear } from "../draw/tree";
import type { Solution } from "../engine";
import { num, pressure, t } from "../i18n";
import { cases, ofCase, range, type State, structure } from "../state";
import patients from "virtual:patients";
import { type Control, threePatients } from "../steps";

export type Change = (change: Partial<State>, moving: boolean) => void;
type Slider = "probe" | "sten" | "mvd" | "endo" | "demand" | "spo" | "hb" | "hr";
const stepOf: Record<Slider, number> = { probe: 1, sten: 1, mvd: 1, endo: 1, demand: 0.5, spo: 1, hb: 0.5, hr: 1 };

const severity = (n: number): string =>
  t(`control.severity.${n < 20 ? "none" : n < 50 ? "mild" : n < 60 ? "moderate" : n < 80 ? "severe" : "critical"}`);

export function valueText(name: Slider, s: State, solution?: Solution): string {
  if (name === "probe") {
    const tree = solution?.answer.phases.rest?.pressure_along_tree_mmHg;
    return t("control.value.probe", { place: t(`place.${stationNear(s.probe)}`), pressure: tree ? pressure(pressureAt(tree, s.probe)) : "" });
  }
  const n = num(s[name], name === "demand" || name === "hb" ? 1 : 0);
  const structured = structure(s);
  return t(`control.value.${name}`, {
    n,
    word: severity(s.sten),
    density: `${num(structured.density * 100)} %`,
    lumen: `${num(structured.lumen * 100)} %`,
  });
}

function slider(name: Slider, s: State, change: Change): HTMLElement {
  const [low, high] = range(name);
  const id = `control-${name}`;
  const input = html("input", { type: "range", id, min: low, max: high, step: stepOf[name], value: s[name] });
  const output = html("output", { for: id });
  input.addEventListener("input", () => change({ [name]: Number(input.value) }, true));
  input.addEventListener("change", () => change({ [name]: Number(input.value) }, false));
  const row = html("div", { class: "control", "data-control": name }, html("div", { class: "control-head" }, html("label", { for: id }, t(`control.${name}`)), output), input);
  if (name === "sten") row.append(html("div", { class: "ticks", "aria-hidden": true }, ...["0", "20", "40", "60", "80 %"].map((x) => html("span", {}, x))));
  if (name === "probe") {
    const stops = html("div", { class: "stops" });
    for (const [at, place] of [[20, "LAD_proximal"], [60, "small_artery"], [74, "arteriole"], [100, "capillary"]] as const) {
      const b = html("button", { type: "button", class: "chip" }, t(`place.${place}`));
      b.addEventListener("click", () => change({ probe: at }, false));
      stops.append(b);
    }
    row.append(stops);
  }
  return row;
}

function choice<T extends string>(legend: string, words: [T, string][], now: T, pick: (value: T) => void, name: string): HTMLElement {
  const group = html("fieldset", { class: "segmented", "data-control": name }, html("legend", {}, legend));
  for (const [value, word] of words) {
    const button = html("button", { type: "button", "aria-pressed": String(value === now), "data-value": value }, word);
    button.addEventListener("click", () => pick(value));
    group.append(button);
  }
  return group;
}

function toggle(name: "after" | "dots" | "rtm", s: State, change: Change): HTMLElement {
  const id = `control-${name}`;
  const input = html("input", { type: "checkbox", id, role: "switch" });
  input.checked = s[name];
  input.addEventListener("change", () => change({ [name]: input.checked }, false));
  return html("label", { class: "switch", for: id, "data-control": name }, input, html("span", { class: "track", "aria-hidden": true }), html("span", {}, t(`control.${name}`)));
}

export function buildControl(name: Control, s: State, change: Change): HTMLElement {
  switch (name) {
    case "adenosine":
      return choice(t("control.condition"), [["rest", t("control.rest")], ["adenosine", t("control.adenosine")]], s.phase === "rest" ? "rest" : "adenosine", (phase) => change({ phase }, false), name);
    case "drugs":
      return choice(
        t("control.condition"),
        [["rest", t("control.rest")], ["adenosine", t("control.adenosine")], ["acetylcholine", t("control.acetylcholine")]],
        s.phase,
        (phase) => change({ phase }, false),
        name,
      );
    case "patients":
      return choice(
        t("control.patients"),
        (["A", "B", "C"] as const).map((k) => [k, k]),
        s.endo === 10 ? "B" : s.endo === 30 ? "C" : "A",
        (k) => change(threePatients[k], false),
        name,
      );
    case "trial":
      return choice(t("control.trial"), [["escape-cmd", t("control.escape-cmd")], ["improve-ced", t("control.improve-ced")]], s.trial, (trial) =>
        change({ trial, mvd: trial === "escape-cmd" ? 100 : 0, endo: trial === "escape-cmd" ? 80 : 10 }, false), name);
    case "stent": {
      const button = html("button", { type: "button", class: s.stent ? "action undo" : "action", "data-control": name }, t(s.stent ? "control.unstent" : "control.stent"));
      button.addEventListener("click", () => change({ stent: !button.classList.contains("undo") }, false));
      return button;
    }
    case "case": {
      const select = html("select", { id: "control-case" });
      for (const name of cases) {
        const option = html("option", { value: name }, `${patients[name]!.title} (${name})`);
        option.selected = name === s.case;
        select.append(option);
      }
      select.addEventListener("change", () => change(ofCase(select.value), false));
      return html("div", { class: "control", "data-control": name }, html("label", { for: "control-case" }, t("control.case")), select);
    }
    case "after":
    case "dots":
    case "rtm":
      return toggle(name, s, change);
    default:
      return slider(name, s, change);
  }
}

/** Brings values and their texts up to date without rebuilding, so that focus and drag survive. */
export function refreshControls(root: HTMLElement, s: State, solution?: Solution): void {
  for (const row of root.querySelectorAll<HTMLElement>("[data-control]")) {
    const name = row.dataset.control as Control;
    const input = row.querySelector<HTMLInputElement>("input[type=range]");
    if (input) {
      const key = name as Slider;
      if (document.activeElement !== input || Number(input.value) !== s[key]) input.value = String(s[key]);
      const words = valueText(key, s, solution);
      input.setAttribute("aria-valuetext", words);
      input.style.setProperty("--filled", String((s[key] - Number(input.min)) / (Number(input.max) - Number(input.min))));
      row.querySelector("output")!.textContent = key === "probe" ? words : t(`control.short.${key}`, { n: num(s[key], key === "demand" || key === "hb" ? 1 : 0) });
    }
    const pressed = { adenosine: s.phase === "rest" ? "rest" : "adenosine", drugs: s.phase, trial: s.trial, patients: s.endo === 10 ? "B" : s.endo === 30 ? "C" : "A" }[name as string];
    if (pressed !== undefined) for (const b of row.querySelectorAll("button")) b.setAttribute("aria-pressed", String(b.dataset.value === pressed));
    if (name === "stent") {
      row.textContent = t(s.stent ? "control.unstent" : "control.stent");
      row.classList.toggle("undo", s.stent);
    }
    const box = row.querySelector<HTMLInputElement>("input[type=checkbox]");
    if (box) box.checked = s[name as "after" | "dots" | "rtm"];
    const select = row.querySelector("select");
    if (select) select.value = s.case;
  }
}
