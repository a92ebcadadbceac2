"""A wetgrad culture as the tissue behind the CL SDK's simulator: programs for a CL1 run on it unchanged.

    $ wetgrad culture serve --port 7766

    cl.sim.set_simulator_data_source("wetgrad_culture:factory", config={"port": 7766})

or, without touching the program:

    CL_SDK_DATA_SOURCE=wetgrad_culture:factory CL_SDK_DATA_SOURCE_CONFIG='{"port": 7766}'

Flow control is by credit: the culture lives at most `window_frames` beyond what the SDK has taken, so spikes that
answer a pulse never queue behind old ones. Python's standard library only, beside the SDK itself.
"""

import functools
import socket
import sys
import threading

import wetgrad_link as link

CHANNELS = 64
FRAMES_PER_SECOND = 25_000
CONNECT_SECONDS = 5


def factory(port=7766, host="127.0.0.1", window_frames=25, buffer_frames=50):
    """The data source that the SDK asks for. 25 frames are 1 ms."""
    try:
        from cl import sim
    except ImportError as fault:
        raise ImportError(
            f"wetgrad_culture needs the Cortical Labs SDK, which this Python does not have (pip install cl-sdk): {fault}"
        ) from None
    return _source_class(sim)(host, port, window_frames, buffer_frames)


@functools.lru_cache(maxsize=None)
def _source_class(sim):
    from numpy import zeros  # the SDK's frames are numpy arrays

    @functools.lru_cache(maxsize=8)
    def silence(frames):
        return zeros((frames, CHANNELS), dtype="int16")

    class CultureSource(sim.LiveSimulatorDataSource):
        def __init__(self, host, port, window_frames, buffer_frames):
            self._address = (host, port)
            self._window = window_frames
            self._link = None
            super().__init__(
                metadata=sim.SimulatorDataSourceMetadata(
                    channel_count=CHANNELS,
                    frames_per_second=FRAMES_PER_SECOND,
                    uV_per_sample_unit=0.195,
                    start_timestamp=0,
                ),
                max_buffer_frames=buffer_frames,
            )

        def start(self, sink):
            self._link = CultureLink(*self._address)
            thread = threading.Thread(target=self._run, args=(self._link, sink), daemon=True)
            self._thread = thread
            thread.start()

        def stop(self):
            if self._link is not None:
                self._link.close()
                self._thread.join(timeout=1)
                self._link = None

        def on_stim(self, stim):
            if self._link is None:
                return
            phases = tuple(zip(stim.phase_currents_uA, stim.phase_durations_us))
            self._link.stimulate(stim.timestamp, stim.channel, phases)

        def _run(self, culture, sink):
            try:
                culture.grant(self._window)
                for start, until, spikes in culture.ticks():
                    sink.emit_batch(
                        sim.DataSourceBatch(
                            frames=silence(until - start),
                            spikes=[sim.DataSourceSpike(timestamp=frame, channel=channel) for frame, channel in spikes],
                        )
                    )  # waits while the SDK's buffer is full
                    culture.grant(until + self._window)
            except (OSError, RuntimeError, link.LinkFault) as fault:
                if not culture.closed:
                    print(f"wetgrad_culture: the link to the culture ended: {fault}", file=sys.stderr)
            finally:
                sink.close()

    return CultureSource


class CultureLink:
    """A connection to `wetgrad culture serve`. Its frames count from 0 at the connection."""

    def __init__(self, host, port):
        try:
            self._socket = socket.create_connection((host, port), timeout=CONNECT_SECONDS)
        except OSError as fault:
            raise ConnectionError(
                f"no culture at {host}:{port} ({fault}); start one with: wetgrad culture serve --port {port}"
            ) from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sending = threading.Lock()
        self._ident = 0
        self.closed = False
        #: (channel, reason) of each pulse that the safety gate refused
        self.refusals = []
        self.accepted = 0
        #: frame at which the latest accepted pulse began
        self.begun = -1
        self._send(link.hello())
        self._messages = self._receive()
        kind, payload = next(self._messages)
        if kind != link.WELCOME:
            raise link.LinkFault(f"expected a welcome, got a message of type {kind}")
        channels, rate, self._origin, _ = link.read_welcome(payload)
        if (channels, rate) != (CHANNELS, FRAMES_PER_SECOND):
            raise link.LinkFault(f"expected {CHANNELS} channels at {FRAMES_PER_SECOND} Hz, got {channels} at {rate}")
        self._socket.settimeout(None)

    def grant(self, until_frame):
        self._send(link.credit(self._origin + until_frame))

    def stimulate(self, frame, channel, phases):
        """Sends one pulse; `phases`: (current_uA, duration_us), ..."""
        with self._sending:
            self._ident += 1
            self._socket.sendall(link.stimulate(self._ident, [(self._origin + frame, channel, phases)]))

    def ticks(self):
        """Yields (from frame, until frame, [(frame, channel)]) until the link ends."""
        for kind, payload in self._messages:
            if kind == link.TICK:
                start, until, spikes = link.read_tick(payload)
                yield (
                    start - self._origin,
                    until - self._origin,
                    [(frame - self._origin, channel) for frame, channel in spikes],
                )
            elif kind == link.ANSWER:
                self._answered(*link.read_answer(payload))

    def close(self):
        self.closed = True
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()

    def _answered(self, _ident, refused, frame, text):
        if not refused:
            self.accepted += 1
            self.begun = frame - self._origin
            return
        self.refusals.append(text)
        print(f"wetgrad_culture: {text}", file=sys.stderr)

    def _send(self, data):
        with self._sending:
            self._socket.sendall(data)

    def _receive(self):
        parser = link.Parser()
        while data := self._socket.recv(1 << 16):
            for kind, payload in parser.feed(data):
                if kind == link.ERROR:
                    raise link.LinkFault(payload.decode(errors="replace"))
                yield kind, payload
        raise link.LinkFault("the culture closed the link")
