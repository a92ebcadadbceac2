"""A stand-in for the CL API, written from its public interface: neurons that fire steadily, and after a pulse.

The clock is the machine's. Calls that change something are appended to the file FAKE_CL_LOG as JSON lines, with
the time of day. https://docs.corticallabs.com
"""

import builtins
import contextlib
import json
import os
import time
from dataclasses import dataclass

FPS = 25_000


def log(call, **about):
    with builtins.open(os.environ["FAKE_CL_LOG"], "a") as file:  # `open` is the API's here
        file.write(json.dumps({"call": call, "time": time.time(), **about}) + "\n")


class ChannelSet:
    def __init__(self, *channels):
        if not channels:
            raise TypeError("expected at least one channel")
        self.channels = channels

    def __iter__(self):
        return iter(self.channels)


class StimDesign:
    def __init__(self, *phases):
        durations, currents = phases[::2], phases[1::2]
        if not (1 <= len(durations) == len(currents) <= 3):
            raise ValueError("expected 1 to 3 phases")
        for duration, current in zip(durations, currents):
            if type(duration) is not int or duration % 20 or duration < 20:
                raise ValueError(f"duration {duration}")
            if abs(current) > 3 or abs(current) * duration > 3000:
                raise ValueError(f"current {current}")
        self.phases = phases


@dataclass
class Spike:
    timestamp: int
    channel: int


@dataclass
class Analysis:
    start_timestamp: int
    stop_timestamp: int
    spikes: list
    stims: list


@dataclass
class Tick:
    analysis: Analysis


class StimPlan:
    def __init__(self, neurons):
        self._neurons, self._stims = neurons, []

    def stim(self, channels, design, burst_design=None, lead_time_us=80):
        for channel in [channels] if isinstance(channels, int) else channels:
            self._stims.append((channel, design.phases))

    def run(self, at_timestamp=None):
        now = self._neurons.timestamp()
        at = now if at_timestamp is None else at_timestamp
        if at < now or at <= self._neurons.last_run:
            raise ValueError(f"run at {at}, which is not after {max(now, self._neurons.last_run)}")
        self._neurons.last_run = at
        for channel, phases in self._stims:
            log("stim", at=at, channel=channel, phases=phases)
            self._neurons.evoked.append(Spike(at + 100, channel))


class Neurons:
    def __init__(self):
        self._begin = time.monotonic()
        self.last_run = -1
        self.evoked = []

    def timestamp(self):
        return 1_000_000 + int((time.monotonic() - self._begin) * FPS)

    def create_stim_plan(self):
        return StimPlan(self)

    def interrupt(self, channels):
        log("interrupt", channels=len(list(channels)))

    def loop(self, ticks_per_second, stop_after_seconds=None, ignore_jitter=False):
        frames = FPS // ticks_per_second
        start = self.timestamp()
        while True:
            stop = start + frames
            wait = (stop - self.timestamp()) / FPS
            if wait > 0:
                time.sleep(wait)
            steady = [Spike(frame, frame // 40 % 64) for frame in range(start, stop) if frame % 40 == 0]
            evoked = [spike for spike in self.evoked if start <= spike.timestamp < stop]
            yield Tick(Analysis(start, stop, evoked + steady, []))  # not in order of time
            start = stop


@contextlib.contextmanager
def open(take_control=True, wait_until_recordable=True):
    yield Neurons()

