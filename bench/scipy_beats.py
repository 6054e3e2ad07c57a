"""SciPy on the beat of `healthy` at rest: coronet_bench dump | scipy_beats.py. CSV like that of `coronet_bench beats`.

The equations of model/coronary_network.hpp over numpy arrays (bed x compartment).
"""

import json
import sys
import time

import numpy as np
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicHermiteSpline

problem = json.load(sys.stdin)
segments = np.array(problem["segments"]).reshape(10, 8)
resistance, inertance, compliance, viscous, turbulent = segments[:, :5].T
beds = np.array(problem["beds"]).reshape(9, -1)
shape = beds[:, :15].reshape(9, 5, 3)
A, B, D = shape[..., 0], shape[..., 1], shape[..., 2]
V_max, V_ref, R_ref, exposure = (beds[:, 15 + 5 * i : 20 + 5 * i] for i in range(4))
c = beds[:, 35:].reshape(9, 5, 4)
period = problem["period"][0]
start, reference = np.array(problem["start"]), np.array(problem["reference"])
times = np.linspace(0.0, period, 401)
forcing = CubicHermiteSpline(
    times, np.array(problem["forcing"]).reshape(401, 5), np.array(problem["forcing_slope"]).reshape(401, 5)
)
peak = problem["peak_left_ventricular"][0]
weight = np.tile([5 / 6, 1 / 2, 1 / 6], 3)
right = np.repeat(problem["right_ventricular_share"], 3)
upstream = np.array([10, 0, 1, 2, 0, 4, 5, 10, 7, 8])
ends = np.repeat([3, 6, 9], 3)
scale = np.concatenate([np.full(10, 1e4), np.full(10, 1e-6), np.full(45, 1e-7), np.full(20, 1e-6)])


def rate(t, z):
    x = z * scale
    pressure, flow, V = x[:10], x[10:20], x[20:65].reshape(9, 5)
    aortic, lv, rv, ra, activation = forcing(t)
    squeeze = weight * (lv + right * (rv - lv)) + 0.2 * peak * activation
    P = exposure * squeeze[:, None] + B * V / (V_max - V) - D * V_max / V - A
    w = V_ref / (np.maximum(V, 0.1 * V_ref) + 0.2 * V_ref)
    R = R_ref * (c[..., 0] + w * (c[..., 1] + w * (c[..., 2] + w * c[..., 3]))) * (V_ref / V) ** 2
    Q = np.empty((9, 6))
    Q[:, 0] = 2 * (pressure[ends] - P[:, 0]) / R[:, 0]
    Q[:, 1:5] = 2 * (P[:, :-1] - P[:, 1:]) / (R[:, :-1] + R[:, 1:])
    Q[:, 5] = 2 * (P[:, 4] - ra) / R[:, 4]
    leaving = np.empty(10)
    leaving[[3, 6, 9]] = Q[:, 0].reshape(3, 3).sum(axis=1)
    leaving[[1, 2, 4, 5, 7, 8]] = flow[[2, 3, 5, 6, 8, 9]]
    leaving[0] = flow[1] + flow[4]
    before = np.append(pressure, aortic)[upstream]
    loss = (resistance + viscous + turbulent * np.abs(flow)) * flow
    return (
        np.concatenate(
            [
                (flow - leaving) / compliance,
                (before - pressure - loss) / inertance,
                (Q[:, :5] - Q[:, 1:]).ravel(),
                Q[:, 0],
                Q[:, 5],
                flow[[0, 7]],
            ]
        )
        / scale
    )


print("patient,phase,stiffness,method,setting,error,us_per_beat")
for method in ("BDF", "Radau", "LSODA", "RK45"):
    for tolerance in (1e-4, 1e-5, 1e-6, 1e-7):
        z = start / scale
        spent = time.process_time()
        for _ in range(5):
            z[65:] = 0.0
            z = solve_ivp(rate, (0.0, period), z, method=method, rtol=tolerance, atol=tolerance).y[:, -1]
        spent = time.process_time() - spent
        error = np.max(np.abs(z[65:74] * scale[65:74] / reference[65:74] - 1))
        print(f"healthy,rest,1,scipy_{method},{tolerance:g},{error:.2e},{1e6 * spent / 5:.1f}", flush=True)
