// Colours of quantities. Both scales run in one direction of lightness, so that they survive grey prints and every
// colour vision; a number always stands beside them.
import { clamp, lerp } from "./svg";

type Rgb = [number, number, number];
// Pressure: pale at the vein, deep at the aorta on paper; the other way round on black
const paper: Rgb[] = [[232, 168, 124], [222, 112, 86], [190, 55, 82], [130, 28, 86], [66, 16, 68]];
const night: Rgb[] = [[104, 52, 116], [166, 58, 118], [222, 84, 98], [246, 145, 98], [255, 226, 172]];
// Perfusion: the same idea in blue-green
const wetPaper: Rgb[] = [[216, 226, 196], [140, 200, 176], [66, 160, 165], [28, 104, 142], [24, 52, 96]];
const wetNight: Rgb[] = [[38, 52, 92], [30, 96, 138], [44, 150, 158], [120, 204, 164], [226, 240, 178]];

let dark = false;
export const setDark = (value: boolean): void => void (dark = value);

function at(scale: Rgb[], s: number): string {
  const x = clamp(s, 0, 1) * (scale.length - 1);
  const i = Math.min(Math.floor(x), scale.length - 2);
  const c = [0, 1, 2].map((k) => Math.round(lerp(scale[i]![k]!, scale[i + 1]![k]!, x - i)));
  return `rgb(${c.join(" ")})`;
}
export const pressureColour = (mmHg: number): string => at(dark ? night : paper, mmHg / 105);
export const perfusionColour = (mL_per_min_per_g: number): string => at(dark ? wetNight : wetPaper, mL_per_min_per_g / 4);
/** Ink that reads on a perfusion colour. */
export const perfusionInk = (value: number): string => (value / 4 > 0.46 !== dark ? "#fff" : "#14161f");
export const gradient = (kind: "pressure" | "perfusion"): string => {
  const scale = kind === "pressure" ? (dark ? night : paper) : dark ? wetNight : wetPaper;
  return `linear-gradient(90deg, ${scale.map((c) => `rgb(${c.join(" ")})`).join(", ")})`;
};
