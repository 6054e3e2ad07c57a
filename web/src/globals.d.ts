declare const __VERSION__: string;
declare const __ENGINE_HASH__: string;

declare module "virtual:patients" {
  const patients: Record<string, { title: string; sets: [string, string][] }>;
  export default patients;
}

interface TrialSummary {
  mean: number;
  sd: number;
  n: number;
}
interface TrialJson {
  trial: string;
  title: string;
  version: string;
  seed: number;
  patients: number;
  enrolled: number;
  free_parameters: Record<string, number>;
  arms: (TrialSummary & { measure: string; timepoint: string })[];
  reported: {
    id: string;
    measure: string;
    timepoint: string;
    mean: number;
    sd?: number;
    ci_low?: number;
    ci_high?: number;
    n: number;
    source: string;
  }[];
  change: { mean: number; ci_low: number | null; ci_high: number | null };
  nulls: Record<"no_effect" | "regression_to_mean", { baseline: TrialSummary; follow_up: TrialSummary; change: { mean: number } }>;
  enrolled_as_measured: Record<"baseline" | "with_cells" | "without_cells", number[]>;
}
declare module "virtual:trials" {
  const trials: Record<"escape-cmd" | "improve-ced", TrialJson>;
  export default trials;
}
