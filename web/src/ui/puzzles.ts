// The two puzzles of the sandbox.
import { html } from "../draw/svg";
import type { Engine, Solution } from "../engine";
import { num, t } from "../i18n";
import { assignments, linkDefaults, protocols, type State } from "../state";

const four: Record<string, Partial<State>> = {
  Ada: { sten: 62, mvd: 0 },
  Berta: { sten: 62, mvd: 100 },
  Clara: { sten: 40, mvd: 100 },
  Dora: { sten: 50, mvd: 0, endo: 10 },
};
const order = ["Clara", "Berta", "Dora", "Ada"];

export class Puzzles {
  readonly root = html("div", { class: "puzzles" });
  private chosen?: string;
  private cards = html("div", { class: "four" });
  private outcome = html("p", { class: "feedback", role: "status" });
  private checks = html("ul", { class: "checks" });
  private found = html("p", { class: "feedback", role: "status" });
  private latest?: Solution;

  constructor(private engine: Engine) {}

  async build(): Promise<void> {
    const p = (key: string) => html("p", {}, t(key));
    this.root.replaceChildren(
      html("section", { class: "puzzle" }, html("h3", {}, t("puzzle.one.title")), p("puzzle.one.text"), this.cards, this.outcome),
      html("section", { class: "puzzle" }, html("h3", {}, t("puzzle.two.title")), p("puzzle.two.text"), this.checks, this.found),
    );
    if (this.latest) this.update(this.latest);
    const solved: Record<string, [Solution, Solution]> = {};
    for (const name of order) {
      const state: State = { ...linkDefaults, step: 5, ...four[name] };
      const ask = (s: State) => this.engine.solve({ sets: assignments(s), protocols: protocols(s) });
      solved[name] = [await ask(state), await ask({ ...state, stent: true })];
    }
    if (Object.values(solved).flat().every((s) => s.answer.status === "ok")) this.draw(solved);
  }

  private draw(solved: Record<string, [Solution, Solution]>): void {
    const gain = (name: string) => {
      const [a, b] = solved[name]!.map((s) => s.answer.indices.flow_hyperaemia_mL_per_min!);
      return { mL: b! - a!, percent: (b! / a! - 1) * 100 };
    };
    const best = order.reduce((a, b) => (gain(b).mL > gain(a).mL ? b : a));
    this.cards.replaceChildren(
      ...order.map((name) => {
        const i = solved[name]![0].answer.indices;
        const g = gain(name);
        const button = html("button", { type: "button", class: "action", "aria-pressed": String(this.chosen === name) }, t("puzzle.one.choose", { name }));
        button.addEventListener("click", () => {
          this.chosen = name;
          this.draw(solved);
          this.cards.querySelectorAll<HTMLButtonElement>("button")[order.indexOf(name)]!.focus();
        });
        const card = html(
          "div",
          { class: `one-of-four${this.chosen && name === best ? " best" : ""}` },
          html("h4", {}, name),
          html("p", {}, t("puzzle.one.card", { sten: num(four[name]!.sten!) })),
          html("p", { class: "figures" }, `FFR ${num(i.ffr!, 2)} · CFR ${num(i.cfr!, 1)} · IMR ${num(i.imr!)}`),
          button,
        );
        if (this.chosen)
          card.append(html("div", { class: "gain", style: `--gain:${Math.max(g.mL, 1) / 70}` }), html("p", { class: "small" }, t("puzzle.one.result", { name, gain: num(g.mL), percent: num(g.percent) })));
        return card;
      }),
    );
    this.outcome.textContent = this.chosen ? t(this.chosen === best ? "puzzle.one.right" : "puzzle.one.wrong") : "";
  }

  update(solution: Solution): void {
    this.latest = solution;
    const i = solution.answer.indices;
    const met = { ffr: i.ffr! > 0.8, cfr: i.cfr! < 2, imr: i.imr! < 25 };
    this.checks.replaceChildren(
      ...(["ffr", "cfr", "imr"] as const).map((k) =>
        html("li", { class: met[k] ? "met" : "" }, html("span", { class: "tick", "aria-hidden": true }, met[k] ? "✓" : "○"), html("span", {}, t(`puzzle.two.${k}`)), html("span", { class: "quiet" }, `${num(i[k]!, k === "imr" ? 1 : 2)}, ${t(met[k] ? "puzzle.two.yes" : "puzzle.two.no")}`)),
      ),
    );
    const all = met.ffr && met.cfr && met.imr;
    this.found.textContent = all
      ? t("puzzle.two.solved", { cfr: num(i.cfr!, 2), imr: num(i.imr!, 1), rest: num(i.flow_rest_mL_per_min!) })
      : t("puzzle.two.hint");
  }
}
