// Texts and numbers of one language. Every language has every key: check-strings.mjs fails the build otherwise.
import de from "./strings/de.json";
import en from "./strings/en.json";

export const languages = { en, de } as const;
export type Language = keyof typeof languages;
type Leaf<T, P extends string = ""> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Leaf<T[K], `${P}${K}.`>;
}[keyof T & string];
export type Key = Leaf<typeof en>;

let current: Language = "en";
let kPa = false;

export function useLanguage(language: Language, inKPa: boolean): void {
  current = language;
  kPa = inKPa;
  document.documentElement.lang = language;
}

/** A text, with {name} replaced. `key` may be composed at run time: the strings test walks all of them. */
export function t(key: Key | (string & {}), values: Record<string, string | number> = {}): string {
  let text: unknown = languages[current];
  for (const part of key.split(".")) text = (text as Record<string, unknown> | undefined)?.[part];
  if (typeof text !== "string") throw new Error(`no text '${key}'`);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function num(value: number, digits = 0): string {
  if (!Number.isFinite(value)) return "–";
  return new Intl.NumberFormat(current, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false })
    .format(value)
    .replace(/^-(0([.,]0*)?)$/, "$1")
    .replace("-", "−");
}

export const signed = (value: number, digits = 0): string => (value > 0 ? "+" : "") + num(value, digits);
export const percent = (value: number, digits = 0): string => `${num(value, digits)} %`;

/** Pressures in the unit chosen; the engine's are mmHg. */
export const pressureUnit = (): string => (kPa ? "kPa" : "mmHg");
export const pressureValue = (mmHg: number): number => (kPa ? mmHg * 0.133322387415 : mmHg);
export const pressureDigits = (): number => (kPa ? 1 : 0);
export const pressure = (mmHg: number, unit = true): string =>
  num(pressureValue(mmHg), pressureDigits()) + (unit ? ` ${pressureUnit()}` : "");
export const ratio = (value: number, digits = 2): string => num(value, digits);
