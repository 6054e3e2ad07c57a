// The engine in node, for tests: solve({sets, protocols, artery}) and waves, as the page's worker uses it.
import { createRequire } from "node:module";

export async function loadEngine(path) {
  const createEngine = createRequire(import.meta.url)(path);
  const engine = await createEngine();
  return {
    engine,
    solve({ sets = [], protocols = ["adenosine_iv"], artery = "LAD" }) {
      const request = [`artery ${artery}`, `protocol ${protocols.join(",")}`, ...sets.map((s) => `set ${s}`)];
      const text = request.join("\n");
      const size = engine.lengthBytesUTF8(text) + 1;
      const at = engine._malloc(size);
      engine.stringToUTF8(text, at, size);
      const answer = JSON.parse(engine.UTF8ToString(engine._coronet_solve(at)));
      engine._free(at);
      return answer;
    },
  };
}
