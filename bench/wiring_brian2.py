"""The whole-brain LIF model (Shiu et al. 2024) in Brian2, for bench/wiring.ts.

Usage: wiring_brian2.py FOLDER numpy|cpp. FOLDER holds model.json (cells, driven, steps, repeats) and raw little-endian arrays:
offsets.u32, targets.i32, counts.u16, signs.i8, at.i32 and cell.i32 (the drive). Writes spikes.i32 (step, cell; by step, then cell)
and prints one JSON line: wall seconds of the simulation for each repeat, compiling apart, and the peak memory.
Stimberg, Brette & Goodman 2019, https://doi.org/10.7554/eLife.47314
"""
import json
import os
import resource
import sys
import time

import numpy as np
from brian2 import (
    Network, NeuronGroup, SpikeGeneratorGroup, SpikeMonitor, Synapses, defaultclock, device, ms, mV, prefs, second, set_device,
)

folder, target = sys.argv[1:3]
with open(os.path.join(folder, "model.json")) as file:
    model = json.load(file)


def array(name, kind):
    return np.fromfile(os.path.join(folder, name), dtype=kind)


defaultclock.dt = 0.1 * ms
build = os.path.join(folder, "build")
if target == "cpp":
    set_device("cpp_standalone", directory=build, build_on_run=False)
    prefs.devices.cpp_standalone.extra_make_args_unix = ["-j1"]
else:
    prefs.codegen.target = target
n = model["cells"]
degree = np.diff(array("offsets.u32", "<u4").astype(np.int64))
signs = array("signs.i8", "i1").astype(np.int64)
pre = np.repeat(np.arange(n, dtype=np.int32), degree)
weight = array("counts.u16", "<u2").astype(np.int64) * np.repeat(signs, degree)
names = dict(v_0=-52 * mV, v_rst=-52 * mV, v_th=-45 * mV, t_mbr=20 * ms, tau=5 * ms)
cells = NeuronGroup(
    n,
    """dv/dt = (v_0 - v + g) / t_mbr : volt (unless refractory)
    dg/dt = -g / tau : volt (unless refractory)
    rfc : second""",
    method="linear", threshold="v > v_th", reset="v = v_rst; g = 0*mV", refractory="rfc", namespace=names,
)
cells.v = -52 * mV
cells.g = 0 * mV
late = np.full(n, 2.2e-3)
late[model["driven"]] = 0
cells.rfc = late * second
synapses = Synapses(cells, cells, "w : volt", on_pre="g += w", delay=1.8 * ms)
synapses.connect(i=pre, j=array("targets.i32", "<i4"))
synapses.w = weight * (0.275 * mV)
order = {cell: k for k, cell in enumerate(model["driven"])}
source = SpikeGeneratorGroup(len(order), [order[c] for c in array("cell.i32", "<i4").tolist()], array("at.i32", "<i4") * 0.1 * ms)
kick = Synapses(source, cells, on_pre="v += 68.75*mV")
kick.connect(i=np.arange(len(order)), j=np.asarray(model["driven"]))
monitor = SpikeMonitor(cells)
network = Network(cells, synapses, source, kick, monitor)
span = model["steps"] * 0.1 * ms
walls = []
if target == "cpp":
    network.run(span)
    device.build(directory=build, compile=True, run=False)
    for _ in range(model["repeats"]):
        device.run(build, with_output=False, run_args=[])
        walls.append(device._last_run_time)
else:
    network.run(0 * ms)
    start = time.time()
    network.run(span)
    walls.append(time.time() - start)
spikes = np.stack([np.round(np.asarray(monitor.t / ms) * 10).astype(np.int32), np.asarray(monitor.i, dtype=np.int32)], 1)
spikes[np.lexsort((spikes[:, 1], spikes[:, 0]))].astype("<i4").tofile(os.path.join(folder, "spikes.i32"))
peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({"wallSeconds": walls, "spikes": len(spikes), "peakBytes": peak * 1024}))
