"""Gives wetgrad a CL1 (or the CL SDK's simulator) as a device.

    $ python3 wetgrad_bridge.py --port 7767        # on the CL1

Sends every tick's spikes to its one client and stimulates what the client commands, at frames of the device's clock.
Pulses wait here, not in the device, until two ticks before they are due, so that little is left to stop. When
the client is silent for 100 ms, leaves, cancels, or this program ends, what waits is dropped and the device is
interrupted. Each pulse is judged here again, whatever the client's own gate has said. Standard library only,
beside `cl`. Listening beyond this machine needs a secret in WETGRAD_BRIDGE_TOKEN.
"""

import argparse
import contextlib
import hmac
import json
import math
import os
import select
import signal
import socket
import sys
import time

import wetgrad_link as link

CHANNELS = 64
FRAMES_PER_SECOND = 25_000
WATCHDOG_SECONDS = 0.1
RESERVED = {0, 4, 7, 56, 63}  # ground, and channel 4, the reference
STIMULABLE = [channel for channel in range(CHANNELS) if channel not in RESERVED]
MAX_CURRENT_UA = 3.0
MAX_CHARGE_NC = 3.0
WIDTH_STEP_US = 20
MIN_INTERVAL_FRAMES = 125  # 200 pulses per second and channel
LEAD_FRAMES = 5  # a pulse begins at least 200 us after it is handed to the device
LATE_FRAMES = 25  # 1 ms: what is later than this is dropped, for late pulses come together
MAX_WAITING = 10_000
MAX_UNSENT_BYTES = 4 << 20
READ_BYTES = 1 << 16
MAX_READS = 4  # of a client in a tick: one that never stops talking keeps nobody else from being heard
PARTING_SECONDS = 0.2
ENDING_SECONDS = 2.0  # for the client to read why, at the end of this program


def fault_of(channel, phases):
    """What is wrong with a pulse, or None."""
    if channel in RESERVED or not 0 <= channel < CHANNELS:
        return f"expected a channel that can be stimulated, got {channel}"
    if not 2 <= len(phases) <= 3:
        return f"expected 2 or 3 phases, got {len(phases)}"
    last = 0.0
    for current, duration in phases:
        if not (math.isfinite(current) and 0 < abs(current) <= MAX_CURRENT_UA):
            return f"expected a current of at most {MAX_CURRENT_UA} uA, got {current}"
        if not (duration >= WIDTH_STEP_US and duration % WIDTH_STEP_US == 0):
            return f"expected a duration in steps of {WIDTH_STEP_US} us, got {duration}"
        if abs(current) * duration / 1000 > MAX_CHARGE_NC:
            return f"expected at most {MAX_CHARGE_NC} nC per phase, got {abs(current) * duration / 1000}"
        if current * last > 0:
            return "expected phases of alternating sign"
        last = current
    largest = max(abs(current) * duration for current, duration in phases)
    if abs(sum(current * duration for current, duration in phases)) > 0.01 * largest:
        return "expected phases whose charges cancel"
    return None


class Bridge:
    """Everything between one `neurons` and one client. Runs in the loop's own thread."""

    def __init__(self, cl, neurons, listener, token):
        self._cl = cl
        self._neurons = neurons
        self._listener = listener
        self._token = token
        self._client = None
        self._second = None  # who asks while another is served; it may say hello and cancel, which stops
        self._waiting = []  # (frame, channel, phases), by frame
        self._last_begin = {}
        self._last_run = -1
        self._dropped = 0

    def tick(self, start, until, spikes):
        """Once per tick of the device: spikes are those of [start, until)."""
        self._accept(until)
        self._ask_second(until)
        client = self._client
        if client is None:
            return
        self._receive(client, until)
        if self._client is not client:
            return
        if client.armed and time.monotonic() - client.heard > WATCHDOG_SECONDS:
            self.stop(until, f"the link was silent for {1000 * WATCHDOG_SECONDS:.0f} ms")
        self._stimulate(until, until + 2 * (until - start))
        if client.greeted:
            if client.origin is None:
                client.origin = start
                client.put(link.welcome(CHANNELS, FRAMES_PER_SECOND, start, True))
            client.put(link.tick(start, until, spikes))
        if not client.flush():
            self._leave(until, "it does not read")

    def stop(self, frame, reason):
        """Drops what waits, interrupts the device, and lets the client stimulate no more."""
        self._interrupt()
        if self._client is not None and self._client.armed:
            self._client.armed = False
            self._client.put(link.stopped(frame, reason))
        say("stopped", frame=frame, reason=reason)

    def close(self):
        self._interrupt()
        if self._client is not None:
            self._client.put(link.error("the bridge ended"))
            self._client.part(ENDING_SECONDS)
        self._listener.close()

    def _interrupt(self):
        self._waiting.clear()
        self._neurons.interrupt(self._cl.ChannelSet(*STIMULABLE))

    def _accept(self, frame):
        try:
            peer, _ = self._listener.accept()
        except BlockingIOError:
            return
        if self._client is not None:
            self._receive(self._client, frame)  # it may just have left
        if self._client is None:
            self._client = Client(peer)
        elif self._second is None:
            self._second = Client(peer)
        else:
            peer.close()

    def _ask_second(self, frame):
        """A second client is told to come back, unless it asks to stop: to stop needs no turn."""
        second = self._second
        if second is None:
            return
        answer = None
        try:
            for kind, payload in second.messages():
                if kind == link.HELLO and hmac.compare_digest(
                    link.read_hello(payload).encode(), self._token.encode()
                ):
                    second.greeted = True
                elif kind == link.CANCEL and second.greeted:
                    self.stop(frame, "stopped from another connection")
                    answer = link.stopped(frame, "stimulation was stopped")
        except (OSError, link.LinkFault):
            answer = b""
        if answer is None and time.monotonic() - second.heard > PARTING_SECONDS / 2:
            answer = link.error("serves another client; try again when it has left")
        if answer is not None:
            self._second = None
            second.put(answer)
            second.part(0)

    def _receive(self, client, frame):
        try:
            for kind, payload in client.messages():
                self._take(client, kind, payload, frame)
        except (OSError, link.LinkFault) as fault:
            self._leave(frame, str(fault))

    def _leave(self, frame, reason):
        client, self._client = self._client, None
        self._interrupt()
        client.put(link.error(reason))
        client.part(0)
        say("disconnected", frame=frame, reason=reason)

    def _take(self, client, kind, payload, frame):
        if not client.greeted:
            if kind != link.HELLO:
                raise link.LinkFault("expected a hello first")
            if not hmac.compare_digest(link.read_hello(payload).encode(), self._token.encode()):
                raise link.LinkFault("expected the bridge's token (WETGRAD_BRIDGE_TOKEN), got another")
            client.greeted = client.armed = True
            say("connected", frame=frame)
        elif kind == link.STIMULATE:
            self._command(client, frame, *link.read_stimulate(payload))
        elif kind == link.CANCEL:
            self._interrupt()
        elif kind not in (link.HEARTBEAT, link.CREDIT):
            raise link.LinkFault(f"a message of type {kind} is no client's")

    def _command(self, client, now, ident, pulses):
        fault = None
        if not client.armed:
            fault = "stimulation has been stopped; connect again"
        elif len(self._waiting) + len(pulses) > MAX_WAITING:
            fault = f"more than {MAX_WAITING} pulses wait"
        come_to = self._neurons.timestamp()
        for at, channel, phases in pulses:
            fault = fault or fault_of(channel, phases)
            if fault is None and at < come_to - LATE_FRAMES:
                fault = f"a pulse is late: expected frame {come_to} or later, got {at}"
        frame = max([now] + [pulse[0] for pulse in pulses[:1]])
        client.put(link.answer(ident, fault is not None, frame, fault or ""))
        if fault is None:
            self._waiting.extend(pulses)
            self._waiting.sort(key=lambda pulse: pulse[0])
        else:
            say("refused", frame=now, reason=fault)

    def _stimulate(self, now, horizon):
        """Hands the device what is due within two ticks, so that a tick that comes late does not delay it."""
        while self._waiting and self._waiting[0][0] < horizon + LEAD_FRAMES:
            frame = self._waiting[0][0]
            due = [pulse for pulse in self._waiting if pulse[0] == frame]
            del self._waiting[: len(due)]
            plan = self._neurons.create_stim_plan()
            try:
                for _, channel, phases in due:
                    design = [value for current, duration in phases for value in (int(duration), current)]
                    plan.stim(channel, self._cl.StimDesign(*design))
                # Read last: on a busy machine making the plan may take longer than the lead.
                begin = max(frame, self._neurons.timestamp() + LEAD_FRAMES, self._last_run + 1)
                fault = self._late_fault(frame, begin, due)
                if fault is not None:
                    self._dropped += len(due)
                    say("dropped", frame=now, pulses=len(due), reason=fault, dropped=self._dropped)
                    continue
                for _, channel, _ in due:
                    self._last_begin[channel] = begin
                plan.run(at_timestamp=begin)
                self._last_run = begin
            except Exception as fault:  # whatever the device says: no pulse of this client's any more
                self.stop(now, f"the device refused a pulse: {fault}")

    def _late_fault(self, frame, begin, due):
        """Why pulses of one frame, which can begin at `begin`, are dropped; or None."""
        if begin > frame + LATE_FRAMES:
            return f"late by {1000 * (begin - frame) / FRAMES_PER_SECOND:.1f} ms"
        for _, channel, _ in due:
            if begin - self._last_begin.get(channel, -MIN_INTERVAL_FRAMES) < MIN_INTERVAL_FRAMES:
                return f"more than 200 pulses per second on channel {channel}"
        return None


class Client:
    def __init__(self, peer):
        peer.setblocking(False)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = peer
        self.greeted = self.armed = False
        self.origin = None
        self.heard = time.monotonic()
        self._parser = link.Parser()
        self._unsent = bytearray()

    def messages(self):
        for _ in range(MAX_READS):
            try:
                data = self.socket.recv(READ_BYTES)
            except BlockingIOError:
                return
            if not data:
                raise link.LinkFault("it left")
            self.heard = time.monotonic()
            yield from self._parser.feed(data)

    def put(self, data):
        self._unsent += data

    def flush(self):
        """False when the client does not read."""
        try:
            while self._unsent and select.select([], [self.socket], [], 0)[1]:
                del self._unsent[: self.socket.send(self._unsent)]
        except BlockingIOError:
            pass
        except OSError:
            self._unsent.clear()  # the next receive says that it has left
        return len(self._unsent) <= MAX_UNSENT_BYTES

    def part(self, seconds):
        """Closes the link; what was sent is lost unless the client's own messages are read until it closes too."""
        self.flush()
        deadline = time.monotonic() + seconds
        try:
            self.socket.shutdown(socket.SHUT_WR)
            while select.select([self.socket], [], [], max(0, deadline - time.monotonic()))[0]:
                if not self.socket.recv(1 << 16):
                    break
        except OSError:
            pass
        self.socket.close()


class Ending:
    """Signals end this program by an exception in the loop, so that the device is interrupted, but never within a tick:
    a message that is half sent would be sent again."""

    def __init__(self):
        self._is_held = False
        self._status = None
        signal.signal(signal.SIGTERM, lambda *_: self._end(143))
        signal.signal(signal.SIGINT, lambda *_: self._end(0))

    def _end(self, status):
        self._status = status
        if not self._is_held:
            sys.exit(status)

    @contextlib.contextmanager
    def held(self):
        self._is_held = True
        yield
        self._is_held = False
        if self._status is not None:
            sys.exit(self._status)


def say(event, **about):
    print(json.dumps({"event": event, **about}), flush=True)


def listen(host, port, token):
    if host not in ("127.0.0.1", "::1", "localhost") and not token:
        sys.exit("error: listening beyond this machine needs a secret in WETGRAD_BRIDGE_TOKEN")
    listener = socket.create_server((host, port))
    listener.setblocking(False)
    return listener


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=7767, help="0: any free port")
    options.add_argument("--ticks-per-second", type=int, default=500)
    given = options.parse_args()
    if not 50 <= given.ticks_per_second <= 1000:
        sys.exit(f"error: --ticks-per-second: expected 50 to 1000, got {given.ticks_per_second}")
    try:
        import cl
    except ImportError:
        sys.exit("error: this Python has no module cl: run on a CL1, or pip install cl-sdk")
    token = os.environ.get("WETGRAD_BRIDGE_TOKEN", "")
    listener = listen(given.host, given.port, token)
    ending = Ending()
    with cl.open() as neurons:
        bridge = Bridge(cl, neurons, listener, token)
        say("listening", host=given.host, port=listener.getsockname()[1])
        try:
            for tick in neurons.loop(ticks_per_second=given.ticks_per_second, ignore_jitter=True):
                seen = tick.analysis
                spikes = sorted(
                    (spike.timestamp, spike.channel)
                    for spike in seen.spikes
                    if seen.start_timestamp <= spike.timestamp < seen.stop_timestamp
                )
                with ending.held():
                    bridge.tick(seen.start_timestamp, seen.stop_timestamp, spikes)
        finally:
            bridge.close()


if __name__ == "__main__":
    main()
