"""The CL SDK's live data source and its sink, as its public documentation describes them."""

import threading
from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SimulatorDataSourceMetadata:
    channel_count: int = 64
    frames_per_second: int = 25_000
    uV_per_sample_unit: float = 0.195
    start_timestamp: int = 0


@dataclass(frozen=True)
class DataSourceSpike:
    timestamp: int
    channel: int
    samples: object = None
    channel_mean_sample: object = None


@dataclass(frozen=True)
class DataSourceStim:
    timestamp: int
    channel: int
    intended_timestamp: int
    phase_durations_us: tuple
    phase_currents_uA: tuple


@dataclass(frozen=True)
class DataSourceBatch:
    frames: object = None
    spikes: list = field(default_factory=list)


class LiveDataSink:
    """Holds at most `max_buffer_frames` frames; emitting waits while it is full."""

    def __init__(self, max_buffer_frames):
        self._max = max_buffer_frames
        self._change = threading.Condition()
        self._spikes = deque()
        self._closed = False
        self.next_timestamp = self.read_timestamp = 0

    def emit_batch(self, batch):
        frames, channels = batch.frames.shape
        start, stop = self.next_timestamp, self.next_timestamp + frames
        if channels != 64 or batch.frames.dtype != "int16":
            raise ValueError("expected int16 frames of 64 channels")
        if any(not start <= spike.timestamp < stop for spike in batch.spikes):
            raise ValueError("a spike outside its batch")
        with self._change:
            self._change.wait_for(lambda: self._closed or self._buffered() + frames <= self._max)
            if self._closed:
                raise RuntimeError("closed")
            self.next_timestamp = stop
            self._spikes.extend(batch.spikes)
            self._change.notify_all()

    def close(self):
        with self._change:
            self._closed = True
            self._change.notify_all()

    def _buffered(self):
        return self.next_timestamp - self.read_timestamp

    def take(self, frames):
        """What the simulator does: takes frames as they come, then their spikes."""
        until = self.read_timestamp + frames
        with self._change:
            while self.read_timestamp < until:
                if not self._change.wait_for(lambda: self._closed or self._buffered() > 0, timeout=30):
                    raise TimeoutError("no frames")
                if self._buffered() == 0:
                    raise RuntimeError("closed")
                self.read_timestamp = min(until, self.next_timestamp)
                self._change.notify_all()
            taken = []
            while self._spikes and self._spikes[0].timestamp < until:
                taken.append(self._spikes.popleft())
            return taken


class LiveSimulatorDataSource:
    def __init__(self, metadata=None, *, max_buffer_frames=25_000, read_timeout_seconds=30.0, supports_accelerated=False):
        self.metadata = metadata
        self.max_buffer_frames = max_buffer_frames

    def open(self):
        self.sink = LiveDataSink(self.max_buffer_frames)
        self.start(self.sink)

    def close(self):
        self.sink.close()
        self.stop()

    def on_stims(self, stims):
        for stim in stims:
            self.on_stim(stim)
