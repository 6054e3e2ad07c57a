// Every language has every text with the same placeholders, and every text that the source names exists.
//   node check-strings.mjs [FOLDER]
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? join(here, "src/strings");
const flat = (value, key = "") =>
  typeof value === "string" ? [[key, value]] : Object.entries(value).flatMap(([k, v]) => flat(v, key ? `${key}.${k}` : k));
const texts = Object.fromEntries(
  readdirSync(folder).map((f) => [f, new Map(flat(JSON.parse(readFileSync(join(folder, f), "utf8"))))]),
);
const complaints = [];
const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join(" ");
const maybeEmpty = /^steps\.8\.question$|^view\.trial\.note$/;
const english = texts["en.json"];
for (const [file, map] of Object.entries(texts)) {
  for (const [key, text] of english) {
    if (!map.has(key)) complaints.push(`${file}: '${key}' is missing`);
    else if (!map.get(key).trim() && !maybeEmpty.test(key)) complaints.push(`${file}: '${key}' is empty`);
    else if (holes(map.get(key)) !== holes(text)) complaints.push(`${file}: '${key}' needs {${holes(text)}}`);
  }
  for (const key of map.keys()) if (!english.has(key)) complaints.push(`${file}: '${key}' is not in en.json`);
}
const source = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((f) =>
    f.isDirectory() ? source(join(folder, f.name)) : f.name.endsWith(".ts") ? [join(folder, f.name)] : [],
  );
const all = [...english.keys()];
for (const file of source(join(here, "src")))
  for (const [, key] of readFileSync(file, "utf8").matchAll(/\bt\(\s*["`]([\w.${}()\[\]!?+-]+)["`]/g)) {
    const pattern = new RegExp(`^${key.replace(/\$\{[^}]*\}/g, "\0").replace(/[.\\[\]()]/g, "\\$&").replaceAll("\0", "[\\w-]+")}$`);
    if (!all.some((k) => pattern.test(k))) complaints.push(`${file}: no text '${key}'`);
  }
if (Object.keys(texts).length < 2) complaints.push("fewer than two languages");
if (complaints.length) {
  console.error(complaints.join("\n"));
  process.exit(1);
}
console.log(`${english.size} texts in ${Object.keys(texts).length} languages`);
