// A picture with a title, and the table of its numbers behind a button.
import { html } from "../draw/svg";
import { t } from "../i18n";

export type Table = { head: string[]; rows: string[][] };

export class Card {
  readonly root: HTMLElement;
  readonly body = html("div", { class: "card-body" });
  private heading = html("h3");
  private note = html("p", { class: "quiet card-note" });
  private details = html("details", { class: "data" });
  private summary = html("summary");
  private table = html("div", { class: "table-box" });

  /** Whether a moving slider needs to redraw it; at rest every card is drawn. */
  inSight = true;

  constructor(readonly name: string) {
    this.details.append(this.summary, this.table);
    this.details.addEventListener("toggle", () => this.fill());
    new IntersectionObserver(([entry]) => (this.inSight = entry!.isIntersecting), { rootMargin: "150px" }).observe(this.body);
    this.root = html("section", { class: `card card-${name}` }, this.heading, this.body, this.note, this.details);
  }

  show(table: Table, note = ""): void {
    this.heading.textContent = t(`view.${this.name}.title`);
    this.note.textContent = note || t(`view.${this.name}.note`);
    this.summary.textContent = t("view.table");
    this.latest = table;
    this.fill();
  }

  private latest?: Table;
  /** Only while it is open: a slider moves thirty times a second. */
  private fill(): void {
    const table = this.latest;
    if (!table || !this.details.open) return;
    const body = html("tbody");
    for (const row of table.rows)
      body.append(html("tr", {}, ...row.map((cell, i) => (i ? html("td", {}, cell) : html("th", { scope: "row" }, cell)))));
    this.table.replaceChildren(
      html(
        "table",
        {},
        html("caption", { class: "hidden" }, t(`view.${this.name}.title`)),
        html("thead", {}, html("tr", {}, ...table.head.map((cell) => html("th", { scope: "col" }, cell)))),
        body,
      ),
    );
    this.table.tabIndex = 0;
    this.table.setAttribute("role", "region");
    this.table.setAttribute("aria-label", t(`view.${this.name}.title`));
  }
}
