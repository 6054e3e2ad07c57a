// Small helpers for SVG and HTML elements.
const svgNamespace = "http://www.w3.org/2000/svg";
export type Attributes = Record<string, string | number | boolean | undefined>;

function fill(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(svgNamespace, tag);
  fill(element, attributes);
  element.append(...children);
  return element;
}

export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string | undefined)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, attributes);
  element.append(...children.filter((c): c is Node | string => c !== undefined));
  return element;
}

export type Point = [number, number];
export const lerp = (a: number, b: number, s: number): number => a + (b - a) * s;
export const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));
export const round = (x: number): number => Math.round(x * 10) / 10;

/** A smooth line through points (Catmull–Rom), sampled n times per piece. */
export function smooth(points: Point[], n = 10): Point[] {
  const out: Point[] = [];
  for (let i = 0; i + 1 < points.length; ++i) {
    const p0 = points[Math.max(i - 1, 0)]!;
    const p1 = points[i]!;
    const p2 = points[i + 1]!;
    const p3 = points[Math.min(i + 2, points.length - 1)]!;
    for (let j = 0; j < n; ++j) {
      const s = j / n;
      const at = (k: 0 | 1) =>
        0.5 *
        (2 * p1[k] +
          (p2[k] - p0[k]) * s +
          (2 * p0[k] - 5 * p1[k] + 4 * p2[k] - p3[k]) * s * s +
          (3 * p1[k] - p0[k] - 3 * p2[k] + p3[k]) * s * s * s);
      out.push([at(0), at(1)]);
    }
  }
  out.push(points[points.length - 1]!);
  return out;
}

export const path = (points: Point[]): string =>
  points.map(([x, y], i) => `${i ? "L" : "M"}${round(x)} ${round(y)}`).join("");

/** Unit normals of a line; lines do not change, so each is computed once. */
const normals = new WeakMap<Point[], Point[]>();
export function normalsOf(line: Point[]): Point[] {
  let known = normals.get(line);
  if (!known) {
    known = line.map((_, i) => {
      const a = line[Math.max(i - 1, 0)]!;
      const b = line[Math.min(i + 1, line.length - 1)]!;
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
      return [-(b[1] - a[1]) / length, (b[0] - a[0]) / length];
    });
    normals.set(line, known);
  }
  return known;
}

/** Outline of a tube of changing width around a line. */
export function tube(line: Point[], width: (s: number) => number, from = 0, to = line.length - 1): string {
  const normal = normalsOf(line);
  let out = "";
  let back = "";
  for (let i = from; i <= to; ++i) {
    const half = width(i / (line.length - 1)) / 2;
    const [x, y] = line[i]!;
    const [nx, ny] = normal[i]!;
    out += `${i > from ? "L" : "M"}${round(x + nx * half)} ${round(y + ny * half)}`;
    back = `L${round(x - nx * half)} ${round(y - ny * half)}` + back;
  }
  return out + back + "Z";
}
