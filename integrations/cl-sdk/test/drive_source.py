"""Plays the CL SDK's simulator: drives wetgrad_culture.factory against a running `culture serve`, prints what it saw."""

import json
import sys
import time

from cl import sim
from wetgrad_culture import factory

CHUNK = 125  # 5 ms
TRIALS = 30
CHANNELS = range(8, 24)

source = factory(port=int(sys.argv[1]))
assert source.metadata == factory(port=1).metadata  # made twice, connects only when opened
source.open()
sink = source.sink
counts = {"spikes": 0, "before": 0, "after": 0}
ahead = 0


def take():
    global ahead
    ahead = max(ahead, sink.next_timestamp - sink.read_timestamp)
    spikes = sink.take(CHUNK)
    counts["spikes"] += len(spikes)
    return len(spikes)


def stim(channel, *phases):
    at = sink.read_timestamp
    source.on_stims([sim.DataSourceStim(at, channel, at, phases[::2], phases[1::2])])


for _ in range(TRIALS):
    for _ in range(32):
        take()
    counts["before"] += sum(take() for _ in range(4))
    for channel in CHANNELS:
        stim(channel, 160, -2.5, 160, 2.5)
    counts["after"] += sum(take() for _ in range(4))

stim(8, 160, -1.0)  # not balanced
stim(8, 160, -9.0, 160, 9.0)  # too strong
for _ in range(10):
    take()

# The reader stops for a while: nothing may pile up, so that a pulse then begins close to what was read.
time.sleep(0.2)
at = sink.read_timestamp
stim(40, 160, -2.5, 160, 2.5)
for _ in range(10):
    take()
link = source._link
print(
    json.dumps(
        {
            **counts,
            "ahead": ahead,
            "late": link.begun - at,
            "accepted": link.accepted,
            "refusals": link.refusals,
            "frames": sink.read_timestamp,
        }
    )
)
source.close()
