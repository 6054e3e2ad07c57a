// Same bits: every number of `coronet run --json` equals the one from WebAssembly, for every shipped patient, through
// every protocol that the page's engine has, at SETTINGS random settings each.   node bits.mjs ENGINE.js CORONET ROOT [SETTINGS]
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { loadEngine } from "./engine.mjs";
import { shippedPatients } from "./patients.mjs";

const [enginePath, coronet, root, settings = "5"] = process.argv.slice(2);
const { solve } = await loadEngine(resolve(enginePath));
const patients = shippedPatients(root);
let compared = 0;
const differences = [];

function compare(where, native, wasm) {
  if (native !== null && typeof native === "object") {
    for (const key of Object.keys(native)) {
      if (wasm === null || typeof wasm !== "object" || !(key in wasm)) differences.push(`${where}.${key} is missing`);
      else compare(`${where}.${key}`, native[key], wasm[key]);
    }
  } else {
    ++compared;
    if (!Object.is(native, wasm)) differences.push(`${where}: ${native} native, ${wasm} in WebAssembly`);
  }
}

function check(patient, protocols, artery, extra) {
  const args = ["run", patient, "--json", "--protocol", protocols.join(","), "--artery", artery];
  for (const s of extra) args.push("--set", s);
  let text;
  let failed = false;
  try {
    text = execFileSync(coronet, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    failed = true;
    text = error.stdout || "";
    if (!text) {
      // refused before anything was simulated: both must refuse
      const answer = solve({ sets: [...patients[patient].sets.map((s) => s.join("=")), ...extra], protocols, artery });
      if (answer.status !== "invalid") differences.push(`${args.join(" ")}: refused natively only`);
      return false;
    }
  }
  const native = JSON.parse(text);
  for (const key of ["patient", "title", "version"]) delete native[key];
  const sets = [...patients[patient].sets.map((s) => s.join("=")), ...extra];
  compare(`${patient} ${extra.join(" ")}`, native, solve({ sets, protocols, artery }));
  return !failed;
}

const protocols = ["rest", "adenosine_iv", "adenosine_ic", "pullback", "acetylcholine", "nos_blockade"];
for (const patient of Object.keys(patients)) {
  for (const artery of ["LAD", "RCA"]) check(patient, protocols, artery, []);
  // as the page asks
  for (const list of [["pullback"], ["pullback", "acetylcholine"]]) check(patient, list, "LAD", []);
}

// Random settings of every slider of the page; mulberry32, so that a difference can be looked at again
let state = 20260101;
const random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const between = (low, high, digits = 3) => (low + (high - low) * random()).toFixed(digits);
let solved = 0;
const names = Object.keys(patients);
for (const name of names)
  for (let i = 0; i < Number(settings); ++i) {
    const extra = [
      `lesion.diameter_reduction_percent=${between(0, 80, 0)}`,
      `lesion.stented=${random() < 0.3}`,
      `microvessels.arteriolar_lumen_ratio=${between(0.6, 1)}`,
      `microvessels.capillary_density_ratio=${between(0.4, 1.5)}`,
      `endothelium.function=${between(0, 1)}`,
    ];
    // these move the anchor; one in two settings keeps it, as moving most sliders does
    if (random() < 0.13) extra.push(`heart.heart_rate_bpm=${between(45, 120, 0)}`);
    if (random() < 0.13) extra.push(`oxygen.venous_saturation_set_point_percent=${between(20, 70, 0)}`);
    if (random() < 0.13) extra.push(`oxygen.consumption_mL_per_min_per_100g=${between(6, 30, 1)}`);
    if (random() < 0.13) extra.push(`blood.haemoglobin_g_per_dL=${between(7, 18, 1)}`);
    if (random() < 0.13) extra.push(`bed.hyperaemic_capillary_share=${between(0.15, 0.6, 2)}`);
    if (random() < 0.2) extra.push(`microvessels.lad.capillary_density_ratio=${between(0.4, 2)}`);
    if (random() < 0.2) extra.push(`endothelium.lad.function=${between(0, 1)}`);
    solved += check(name, protocols, "LAD", extra);
  }
console.log(
  `${compared} numbers compared: ${names.length} patients x ${protocols.length} protocols x ${settings} random settings, ` +
    `${solved} of ${settings * names.length} solved`,
);
if (differences.length) {
  console.log(differences.slice(0, 20).join("\n"));
  console.log(`${differences.length} differences`);
  process.exit(1);
}
if (compared < 1000) throw new Error("too few numbers compared");
