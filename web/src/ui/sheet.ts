// The worksheet, two pages; seen only on paper. With `key` it carries the answers.
import { html, svg } from "../draw/svg";
import type { Solution } from "../engine";
import { num, t } from "../i18n";
import { steps } from "../steps";

export interface Answers {
  [step: number]: number;
}

export function worksheet(here: Solution | undefined, sentences: Record<number, Record<string, string> | undefined>, answers: Answers, key: boolean): HTMLElement {
  const page = html("section", { class: "sheet", "aria-hidden": true });
  const head = (second: boolean) =>
    html("header", {}, html("strong", {}, t("title")), html("span", {}, `${t(key ? "sheet.key" : "sheet.title")} ${second ? "2" : "1"}/2`), html("span", { class: "blank" }, t("sheet.name")), html("span", { class: "blank short" }, t("sheet.date")));
  const box = (n: number) => {
    const step = steps[n - 1]!;
    const options = step.predict && step.predict !== "mark" ? Array.from({ length: step.predict.options }, (_, k) => k + 1) : [];
    const right = step.predict && step.predict !== "mark" ? step.predict.right : 0;
    const values = sentences[n];
    return html(
      "article",
      {},
      html("h3", {}, `${n}  ${t(`steps.${n}.title`)}`),
      html("p", {}, t(`steps.${n}.question`)),
      options.length
        ? html("ul", {}, ...options.map((k) => html("li", { class: (key && k === right) || (!key && answers[n] === k) ? "ticked" : "" }, t(`steps.${n}.options.${k}.text`))))
        : html("p", { class: "blank" }, `${t("sheet.predict")}: ${answers[n] ?? ""}`),
      html("p", { class: key && values ? "answer" : "blank tall" }, key && values ? `${t("sheet.answer")}: ${t(`steps.${n}.takeaway`, values)}` : t("sheet.found")),
    );
  };
  const c = svg("svg", { viewBox: "0 0 400 260", class: "chart" });
  c.append(svg("path", { d: "M40 10H390V230H40ZM250 10V230M40 147H390", class: "sheet-line" }));
  for (const [x, f] of [[40, 0.5], [110, 0.6], [180, 0.7], [250, 0.8], [320, 0.9], [390, 1]] as const) c.append(svg("text", { x, y: 246, "text-anchor": "middle" }, num(f, 1)));
  for (const v of [1, 2, 3, 4, 5]) c.append(svg("text", { x: 32, y: 234 - ((v - 1) / 4) * 220, "text-anchor": "end" }, num(v)));
  c.append(svg("text", { x: 215, y: 258, "text-anchor": "middle" }, "FFR"), svg("text", { x: 12, y: 175, transform: "rotate(-90 12 175)" }, "CFR"));
  const i = here?.answer.indices;
  page.append(
    html("div", { class: "paper" }, head(false), html("p", {}, t("sheet.case")), ...[1, 2, 3, 4].map(box)),
    html(
      "div",
      { class: "paper" },
      head(true),
      ...[5, 6, 7].map(box),
      html("article", {}, html("p", {}, t("sheet.quadrant")), c),
      html("article", {}, html("h3", {}, t("sheet.takeaways")), html("p", { class: "blank" }), html("p", { class: "blank" }), html("p", { class: "blank" })),
      html("p", { class: "small" }, (i ? t("sheet.own", { ffr: num(i.ffr!, 2), cfr: num(i.cfr!, 2), imr: num(i.imr!) }) + " " : "") + t("disclaimer")),
    ),
  );
  return page;
}
