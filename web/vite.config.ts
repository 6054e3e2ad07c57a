// One HTML file: style, script, fonts, strings and the engine inside, nothing to fetch. See docs/lesson.md.
//   CORONET_ENGINE  the JavaScript of web/build-engine
//   CORONET_TRIALS  folder with escape-cmd.json and improve-ced.json, as `coronet trial … --json` prints them
//   CORONET_VERSION what `coronet --version` prints
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { transformSync } from "esbuild";
import { defineConfig, type Plugin } from "vite";
// Plain JavaScript, shared with the tests
import { shippedPatients } from "./test/patients.mjs";

const root = resolve(__dirname, "..");
const need = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; use ./coronet lesson`);
  return value;
};

/** Data of the project as modules: patients from their TOML, trials from the program. */
function data(): Plugin {
  const modules: Record<string, () => unknown> = {
    "virtual:patients": () => shippedPatients(root),
    "virtual:trials": () =>
      Object.fromEntries(
        ["escape-cmd", "improve-ced"].map((name) => [
          name,
          JSON.parse(readFileSync(join(need("CORONET_TRIALS"), `${name}.json`), "utf8")),
        ]),
      ),
  };
  return {
    name: "coronet-data",
    resolveId: (id) => (id in modules ? "\0" + id : undefined),
    load: (id) =>
      id.startsWith("\0virtual:") ? `export default ${JSON.stringify(modules[id.slice(1)]())}` : undefined,
  };
}

/** Everything into index.html; the engine and its worker as text, from which the page makes a Blob worker. */
function oneFile(): Plugin {
  return {
    name: "coronet-one-file",
    enforce: "post",
    generateBundle(_, bundle) {
      const html = Object.values(bundle).find((f) => f.fileName.endsWith(".html"));
      if (html?.type !== "asset") throw new Error("no index.html in the bundle");
      let page = String(html.source);
      for (const [name, file] of Object.entries(bundle)) {
        if (file === html) continue;
        const text = file.type === "chunk" ? file.code : String(file.source);
        const safe = text.replaceAll("</script", "<\\/script");
        const tag = new RegExp(
          file.type === "chunk" ? `<script[^>]*src="[^"]*${name}"[^>]*></script>` : `<link[^>]*href="[^"]*${name}"[^>]*>`,
        );
        if (!tag.test(page)) throw new Error(`${name} is not linked from index.html`);
        page =
          file.type === "chunk"
            ? page.replace(tag, "").replace("</body>", () => `<script type="module">${safe}</script></body>`)
            : page.replace(tag, () => `<style>${text}</style>`);
        delete bundle[name];
      }
      const worker = transformSync(readFileSync(join(__dirname, "src/worker.ts"), "utf8"), {
        loader: "ts",
        minify: true,
        target: "es2022",
      }).code;
      const engine = readFileSync(need("CORONET_ENGINE"), "utf8") + worker;
      if (/<\/script|<!--/i.test(engine)) throw new Error("the engine's text would end its script tag");
      page = page.replace("</body>", () => `<script type="text/plain" id="engine">${engine}</script></body>`);
      html.source = page;
    },
  };
}

const engineHash = createHash("sha256").update(readFileSync(need("CORONET_ENGINE"))).digest("hex");

export default defineConfig({
  root: __dirname,
  plugins: [data(), oneFile()],
  define: {
    __VERSION__: JSON.stringify(need("CORONET_VERSION")),
    __ENGINE_HASH__: JSON.stringify(engineHash.slice(0, 16)),
  },
  build: {
    outDir: process.env.CORONET_OUT,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 1 << 24,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    rollupOptions: { output: { inlineDynamicImports: true } },
  },
});
