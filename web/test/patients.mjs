// Shipped patients as lists of KEY=VALUE, read from their TOML (tables, dotted keys, strings, numbers, true/false).
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export function readPatient(file) {
  let section = "";
  const sets = [];
  let title = "";
  for (const raw of readFileSync(file, "utf8").split("\n")) {
    const line = raw.replace(/(^|\s)#.*$/, "").trim();
    if (!line) continue;
    const table = line.match(/^\[([\w.]+)\]$/);
    if (table) {
      section = table[1] + ".";
      continue;
    }
    const entry = line.match(/^([\w.]+)\s*=\s*(.+)$/);
    if (!entry) throw new Error(`${file}: cannot read '${raw}'`);
    const value = entry[2].replace(/^"(.*)"$/, "$1");
    if (section + entry[1] === "title") title = value;
    else sets.push([section + entry[1], value]);
  }
  // General keys first, so that finer ones refine them: the rule of patient files
  sets.sort((a, b) => a[0].split(".").length - b[0].split(".").length);
  return { title, sets };
}

export function shippedPatients(root) {
  const folder = join(root, "scenarios/patients");
  return Object.fromEntries(
    readdirSync(folder)
      .filter((f) => f.endsWith(".toml"))
      .sort()
      .map((f) => [f.replace(/\.toml$/, ""), readPatient(join(folder, f))]),
  );
}
