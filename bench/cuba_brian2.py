"""The networks of bench/cuba.ts and src/culture in Brian2's C++ standalone mode, for bench/culture.ts.

Usage: cuba_brian2.py FOLDER. FOLDER holds model.json (network, plastic, parameters, seconds, repeats) and the
network's synapses as raw little-endian arrays. Prints one JSON line: wall seconds of the simulation loop (compiling
and input or output apart) for each repeat, and the spike count of each cell in the last.
Stimberg, Brette & Goodman 2019, https://doi.org/10.7554/eLife.47314
"""
import json
import os
import subprocess
import sys

import numpy as np
from brian2 import (
    Network, NeuronGroup, SpikeMonitor, Synapses, defaultclock, device, ms, mV, second, set_device,
)

folder = sys.argv[1]
with open(os.path.join(folder, "model.json")) as file:
    model = json.load(file)
p = model["parameters"]
build = os.path.join(folder, "build")
set_device("cpp_standalone", directory=build, build_on_run=False)


def array(name, kind):
    return np.fromfile(os.path.join(folder, name), dtype=kind)


def cuba():
    defaultclock.dt = p["stepMs"] * ms
    trace = "drecent/dt = -recent/tauTrace : 1" if model["plastic"] else ""
    cells = NeuronGroup(
        p["neurons"],
        f"""dv/dt = (ge + gi - (v - El)) / taum : volt (unless refractory)
        dge/dt = -ge / taue : volt
        dgi/dt = -gi / taui : volt
        {trace}""",
        threshold="v > Vt",
        reset="v = Vr" + ("; recent += 1" if model["plastic"] else ""),
        refractory=p["refractoryMs"] * ms,
        method="exact",
        namespace=dict(
            El=p["restMv"] * mV, Vt=p["thresholdMv"] * mV, Vr=p["resetMv"] * mV, taum=p["membraneMs"] * ms,
            taue=p["excitationMs"] * ms, taui=p["inhibitionMs"] * ms, tauTrace=p["traceMs"] * ms,
        ),
    )
    cells.v = array("initialMv.f32", "<f4") * mV
    pre, post = array("pre.i32", "<i4"), array("post.i32", "<i4")
    excitatory = pre < p["excitatoryCount"]
    rates = dict(
        down=p["depressionMv"], up=p["potentiationMv"], top=2 * p["excitatoryWeightMv"],
        we=p["excitatoryWeightMv"] * mV, wi=p["inhibitoryWeightMv"] * mV,
    )
    if model["plastic"]:
        e = Synapses(
            cells, cells, "w : 1",
            on_pre="ge_post += w*mV; w = clip(w - down * recent_post, 0, top)",
            on_post="w = clip(w + up * recent_pre, 0, top)",
            namespace=rates,
        )
    else:
        e = Synapses(cells, cells, on_pre="ge_post += we", namespace=rates)
    e.connect(i=pre[excitatory], j=post[excitatory])
    if model["plastic"]:
        e.w = p["excitatoryWeightMv"]
    i = Synapses(cells, cells, on_pre="gi_post += wi", namespace=rates)
    i.connect(i=pre[~excitatory], j=post[~excitatory])
    return [cells, e, i], [cells]


def culture():
    dt = p["stepFrames"] * 0.04
    defaultclock.dt = dt * ms
    count, excitatory = model["neurons"], model["excitatoryCount"]
    q = p["plasticity"]
    constants = dict(
        El=p["restMv"] * mV, Vt=p["thresholdMv"] * mV, Vr=p["resetMv"] * mV, Ei=p["gabaReversalMv"] * mV,
        sigma=p["noiseMv"] * mV, tauA=p["ampaMs"] * ms, tauN=p["nmdaMs"] * ms, tauI=p["gabaMs"] * ms,
        tauAdapt=p["adaptationMs"] * ms, tauTrace=q["preTraceMs"] * ms, fraction=p["nmdaFraction"],
        down=q["depression"] * q["maximumWeight"], up=q["potentiation"] * q["maximumWeight"],
        x0=q["heterosynaptic"], top=q["maximumWeight"],
    )
    rng = np.random.default_rng(1)

    def group(size, cell, plastic):
        """`sent` is the resource that the last spike found; cells rarely fire again before it has arrived."""
        trace = "drecent/dt = -recent/tauTrace : 1" if plastic else ""
        adaptation = "da/dt = -a/tauAdapt : volt" if cell["adaptationMv"] else ""
        cells = NeuronGroup(
            size,
            f"""dv/dt = (drive - v {'- a' if adaptation else ''} - (gA + gN / (1 + 0.28*exp(-0.062*v/mV)))*v + gI*(Ei - v)) / tau
                + sigma * sqrt(2 / tau) * xi : volt (unless refractory)
            dgA/dt = -gA / tauA : 1
            dgN/dt = -gN / tauN : 1
            dgI/dt = -gI / tauI : 1
            {adaptation}
            {trace}
            drive : volt (constant)
            dresource/dt = (1 - resource) / recovery : 1
            sent : 1""",
            threshold="v >= Vt",
            reset="v = Vr; sent = resource; resource *= 1 - U" + ("; a += jump" if adaptation else "") + ("; recent += 1" if plastic else ""),
            refractory=round(cell["refractoryMs"] / dt) * dt * ms,
            method="euler",
            namespace=dict(
                constants, tau=cell["membraneMs"] * ms, U=cell["releaseFraction"], recovery=cell["recoveryMs"] * ms,
                jump=cell["adaptationMv"] * mV,
            ),
        )
        cells.v = (p["resetMv"] + (p["thresholdMv"] - p["resetMv"]) * rng.random(size)) * mV
        cells.drive = (p["restMv"] + p["driveMeanMv"] + p["driveSpreadMv"] * rng.standard_normal(size)) * mV
        cells.resource = 1
        return cells

    groups = [
        group(excitatory, p["excitatory"], model["plastic"]),
        group(count - excitatory, p["inhibitory"], False),
    ]
    pre, post = array("pre.i32", "<i4"), array("post.i32", "<i4")
    delay, weight = array("delayMs.f32", "<f4"), array("weight.f32", "<f4")
    objects = list(groups)
    for a in (0, 1):
        for b in (0, 1):
            chosen = ((pre >= excitatory) == a) & ((post >= excitatory) == b)
            plastic = model["plastic"] and a == 0 and b == 0
            transmit = "gA_post += w*sent_pre; gN_post += fraction*w*sent_pre" if a == 0 else "gI_post += w*sent_pre"
            paths = {"transmit": transmit}
            if plastic:
                paths["ltd"] = "w = clip(w - down*recent_post, 0, top)"
            synapses = Synapses(
                groups[a], groups[b], "w : 1" if plastic else "w : 1 (constant)", on_pre=paths,
                on_post="w = clip(w + up*(recent_pre - x0), 0, top)" if plastic else None, namespace=constants,
            )
            synapses.connect(i=pre[chosen] - a * excitatory, j=post[chosen] - b * excitatory)
            synapses.w = weight[chosen]
            synapses.transmit.delay = np.maximum(1, np.round(delay[chosen] / dt)) * dt * ms
            objects.append(synapses)
    return objects, groups


objects, groups = cuba() if model["network"] == "cuba" else culture()
monitors = [SpikeMonitor(group, record=False) for group in groups]
network = Network(*objects, *monitors)
network.run(model["seconds"] * second, namespace={})
device.build(directory=build, compile=True, run=False)
walls = []
for _ in range(model["repeats"]):
    device.run(build, with_output=False, run_args=[])
    walls.append(device._last_run_time)
counts = np.concatenate([np.array(monitor.count[:]) for monitor in monitors])
print(json.dumps({"wallSeconds": walls, "spikes": [int(n) for n in counts]}))
