// The engine in its worker. `solve` answers every request once and remembers the answer; `follow` keeps up with a moving
// slider: one request at a time, always the newest, so that a slow device refreshes less often and never less exactly.
export interface PhaseReadings {
  aortic_pressure_mmHg: number;
  distal_pressure_mmHg: number;
  heart_rate_bpm: number;
  average_peak_velocity_cm_per_s: number;
  diameter_at_tip_mm: number;
  flow_lad_mL_per_min: number;
  flow_lcx_mL_per_min: number;
  flow_rca_mL_per_min: number;
  endo_epi_ratio: number;
  perfusion_mL_per_min_per_g: number;
  venous_saturation_percent: number;
  resistance_share: Record<string, number>;
  pressure_along_tree_mmHg: Record<string, number>;
}
export interface Layer {
  perfusion_mL_per_min_per_g: number;
  tissue_tension_mmHg: number;
  venous_saturation_percent: number;
  pressure_mmHg: number[];
  relative_diameter: number[];
}
export interface PhaseView {
  period_s: number;
  segments: Record<
    string,
    { pressure_mmHg: number; flow_mL_per_min: number; diameter_mm: number; relative_diameter: number; length_mm: number }
  >;
  layers: Record<"LAD" | "LCx" | "RCA", Layer[]>;
  pullback: { distance_mm: number; pressure_mmHg: number }[];
}
export type PhaseName = "rest" | "adenosine_iv" | "acetylcholine_100uM";
export interface Answer {
  status: string;
  failure?: string;
  indices: Record<string, number> & { endotype: string };
  phases: Record<string, PhaseReadings>;
  views: Record<string, PhaseView> & { traces: Record<string, number>; wave_names: string[]; samples: number };
}
export interface Solution {
  answer: Answer;
  ms: number;
  sets: string[];
  wave(phase: string, name: string): Float64Array;
}
export interface Request {
  sets: string[];
  protocols: string[];
}

interface Reply {
  id: number;
  answer: Answer;
  waves: Float64Array;
  ms: number;
}

function startWorker(): Worker {
  const text = document.getElementById("engine")!.textContent!;
  return new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
}

export class Engine {
  private worker = startWorker();
  private waiting = new Map<number, (reply: Reply) => void>();
  private known = new Map<string, Solution>();
  private last = 0;
  readonly latencies: number[] = [];

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    };
    this.worker.onerror = (event) => {
      throw new Error(`engine: ${event.message}`);
    };
  }

  /** True while the worker has something to do. */
  get busy(): boolean {
    return this.waiting.size > 0;
  }

  remembered(request: Request): Solution | undefined {
    return this.known.get(this.key(request));
  }
  private key(request: Request): string {
    return [...request.protocols, ...request.sets].join("\n");
  }

  async solve(request: Request): Promise<Solution> {
    const key = this.key(request);
    const known = this.known.get(key);
    if (known) return known;
    const id = ++this.last;
    const reply = await new Promise<Reply>((resolve) => {
      this.waiting.set(id, resolve);
      this.worker.postMessage({ id, artery: "LAD", ...request });
    });
    const { answer, waves, ms } = reply;
    const solution: Solution = {
      answer,
      ms,
      sets: request.sets,
      wave(phase, name) {
        const { traces, wave_names, samples } = answer.views;
        const from = traces[phase]! + wave_names.indexOf(name) * samples;
        return waves.subarray(from, from + samples);
      },
    };
    if (answer.status === "ok") {
      if (this.known.size > 200) this.known.delete(this.known.keys().next().value!);
      this.known.set(key, solution);
    }
    return solution;
  }

  // --- following a slider --------------------------------------------------------------------------------------
  private wanted?: { request: Request; show: (s: Solution) => void; since: number };
  private running = false;

  /** `show` is called with the answer, unless another request came meanwhile. */
  follow(request: Request, show: (s: Solution) => void): void {
    this.wanted = { request, show, since: performance.now() };
    const known = this.remembered(request);
    if (known) this.hand(known);
    else if (!this.running) void this.chase();
  }

  private hand(solution: Solution): void {
    const { show, since } = this.wanted!;
    this.wanted = undefined;
    show(solution);
    this.latencies.push(performance.now() - since);
  }

  private async chase(): Promise<void> {
    this.running = true;
    while (this.wanted) {
      const wanted = this.wanted;
      const solution = await this.solve(wanted.request);
      if (this.wanted === wanted) this.hand(solution);
      // a slider that moved on is shown on its way, too
      else if (this.wanted && solution.answer.status === "ok") wanted.show(solution);
    }
    this.running = false;
  }
}
