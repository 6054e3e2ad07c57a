"""SciPy on the same beats: coronet_bench dump | scipy_beats.py [SECONDS]. CSV like beats.csv.

The equations of model/coronary_network.hpp over numpy arrays (bed x compartment x column): all columns of a difference
Jacobian in one call. Times are means over the members, as those of all others are, of the least (or the median) of a
member's runs. SECONDS (150) of processor time are spent, hardly more; a method twice as slow as the best is not tried at
other tolerances.
"""

import json
import sys
import time

import numpy as np
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicHermiteSpline

beats = 5
scale = np.concatenate([np.full(10, 1e4), np.full(10, 1e-6), np.full(45, 1e-7), np.full(20, 1e-6)])[:, None]
weight = np.tile([5 / 6, 1 / 2, 1 / 6], 3)[:, None]
upstream = np.array([10, 0, 1, 2, 0, 4, 5, 10, 7, 8])
ends = np.repeat([3, 6, 9], 3)


class Member:
    def __init__(self, p):
        self.phase = p["phase"]
        of_segments = ("resistance", "inertance", "compliance", "lesion_viscous", "lesion_turbulent")
        self.resistance, self.inertance, self.compliance, self.viscous, self.turbulent = (
            np.array(p[name])[:, None] for name in of_segments
        )
        of_compartments = ("A", "B", "D", "V_max", "V_ref", "R_ref", "exposure")
        self.A, self.B, self.D, self.V_max, self.V_ref, self.R_ref, self.exposure = (
            np.array(p[name]).reshape(9, 5, 1) for name in of_compartments
        )
        self.viscosity = np.array(p["viscosity"]).reshape(9, 5, 4, 1)
        self.right = np.repeat(p["right_ventricular_share"], 3)[:, None]
        self.peak = p["peak_left_ventricular"][0]
        self.period = p["period"][0]
        self.start, self.reference = np.array(p["start"]), np.array(p["reference"])
        self.forcing = CubicHermiteSpline(
            np.linspace(0.0, self.period, 401),
            np.array(p["forcing"]).reshape(401, 5),
            np.array(p["forcing_slope"]).reshape(401, 5),
        )

    def rate(self, t, z):
        alone = z.ndim == 1
        x = (z[:, None] if alone else z) * scale
        pressure, flow, V = x[:10], x[10:20], x[20:65].reshape(9, 5, -1)
        aortic, lv, rv, ra, activation = self.forcing(t % self.period)
        squeeze = weight * (lv + self.right * (rv - lv)) + 0.2 * self.peak * activation
        P = self.exposure * squeeze[:, None] + self.B * V / (self.V_max - V) - self.D * self.V_max / V - self.A
        w = self.V_ref / (np.maximum(V, 0.1 * self.V_ref) + 0.2 * self.V_ref)
        c = self.viscosity
        R = self.R_ref * (c[:, :, 0] + w * (c[:, :, 1] + w * (c[:, :, 2] + w * c[:, :, 3]))) * (self.V_ref / V) ** 2
        Q = np.empty((9, 6, x.shape[1]))
        Q[:, 0] = 2 * (pressure[ends] - P[:, 0]) / R[:, 0]
        Q[:, 1:5] = 2 * (P[:, :-1] - P[:, 1:]) / (R[:, :-1] + R[:, 1:])
        Q[:, 5] = 2 * (P[:, 4] - ra) / R[:, 4]
        leaving = np.empty((10, x.shape[1]))
        leaving[[3, 6, 9]] = Q[:, 0].reshape(3, 3, -1).sum(axis=1)
        leaving[[1, 2, 4, 5, 7, 8]] = flow[[2, 3, 5, 6, 8, 9]]
        leaving[0] = flow[1] + flow[4]
        before = np.concatenate([pressure, np.full((1, x.shape[1]), aortic)])[upstream]
        loss = (self.resistance + self.viscous + self.turbulent * np.abs(flow)) * flow
        rates = [
            (flow - leaving) / self.compliance,
            (before - pressure - loss) / self.inertance,
            (Q[:, :5] - Q[:, 1:]).reshape(45, -1),
            Q[:, 0],
            Q[:, 5],
            flow[[0, 7]],
        ]
        r = np.concatenate(rates) / scale
        return r[:, 0] if alone else r

    def error(self, method, tolerance):
        z = self.start / scale[:, 0]
        z[65:] = 0.0
        options = {"vectorized": True} if method in ("Radau", "BDF") else {}
        span = (0.0, beats * self.period)
        last = (beats - 1) * self.period
        s = solve_ivp(self.rate, span, z, method=method, rtol=tolerance, atol=tolerance, t_eval=[last, span[1]], **options)
        if s.status != 0:
            return np.inf
        flows = (s.y[65:74, 1] - s.y[65:74, 0]) * scale[65:74, 0]
        return np.max(np.abs(flows / self.reference[65:74] - 1))


members = [Member(p) for p in json.load(sys.stdin)]
budget = float(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1] else 150.0

print("phase,stiffness,method,setting,error,us_least,us_median,noise_percent,judged,timed")
began = time.process_time()
slow = set()
for tolerance in (1e-4, 3e-4, 1e-3, 1e-5, 1e-6):
    least_of = {}
    for method in ("Radau", "LSODA", "RK45", "BDF"):
        if method in slow:
            continue
        if time.process_time() - began > budget:
            sys.exit(0)
        leasts, medians, errors = [], [], []
        for m in members:
            costs = []
            while len(costs) < 3 and (not costs or sum(costs) < 2e6 / beats):
                before = time.process_time()
                error = m.error(method, tolerance)
                costs.append(1e6 * (time.process_time() - before) / beats)
            errors.append(error)
            leasts.append(min(costs)), medians.append(np.median(costs))
        worst, least, median = max(errors), float(np.mean(leasts)), float(np.mean(medians))
        least_of[method] = least
        if np.isfinite(worst):
            noise = 100 * (median / least - 1)
            row = f"{members[0].phase},1,scipy_{method},{tolerance:g},{worst:.3e},{least:.3f},{median:.3f},{noise:.1f}"
            print(f"{row},{len(members)},{len(members)}", flush=True)
        print(f"scipy: {method} {tolerance:g}: error {worst:.1e}, {least:.0f} us per beat", file=sys.stderr)
    slow.update(m for m in least_of if least_of[m] > 2 * min(least_of.values()))
