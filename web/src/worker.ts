// Runs the engine. Stands in one text with the JavaScript of web/build-engine, which defines createEngine.
// In:  {id, artery, protocols, sets: ["KEY=VALUE", …]}
// Out: {id, answer, waves: Float64Array, ms}; `answer` as web/engine.cpp documents it.
interface Engine {
  HEAPF64: Float64Array;
  _malloc(size: number): number;
  _free(at: number): void;
  _coronet_solve(request: number): number;
  _coronet_waves(): number;
  lengthBytesUTF8(text: string): number;
  stringToUTF8(text: string, at: number, size: number): void;
  UTF8ToString(at: number): string;
}
declare const createEngine: () => Promise<Engine>;

const ready = createEngine();
const solve = async (data: { artery: string; protocols: string[]; sets: string[] }) => {
  const engine = await ready;
  const lines = [`artery ${data.artery}`, `protocol ${data.protocols.join(",")}`];
  for (const assignment of data.sets) lines.push(`set ${assignment}`);
  const text = lines.join("\n");
  const size = engine.lengthBytesUTF8(text) + 1;
  const at = engine._malloc(size);
  engine.stringToUTF8(text, at, size);
  const answer = JSON.parse(engine.UTF8ToString(engine._coronet_solve(at)));
  engine._free(at);
  let waves = new Float64Array(0);
  if (answer.status === "ok") {
    const views = answer.views;
    const count = Object.keys(views.traces).length * views.wave_names.length * views.samples;
    const from = engine._coronet_waves() / 8;
    waves = engine.HEAPF64.slice(from, from + count) as Float64Array<ArrayBuffer>;
  }
  return { answer, waves };
};

self.onmessage = async ({ data }) => {
  const start = performance.now();
  // A browser too old for the engine says so instead of waiting for ever
  const { answer, waves } = await solve(data).catch((error) => ({
    answer: { status: "failed", failure: String(error) },
    waves: new Float64Array(0),
  }));
  self.postMessage({ id: data.id, answer, waves, ms: performance.now() - start }, { transfer: [waves.buffer] });
};
