"""The messages of wetgrad's link (README.md has the table). Python's standard library only."""

import struct

VERSION = 1
MAGIC = 0x314C4757  # "WGL1"
MAX_MESSAGE_BYTES = 1 << 20

HELLO, CREDIT, STIMULATE, CANCEL, HEARTBEAT = 1, 2, 3, 4, 5
WELCOME, TICK, ANSWER, STOPPED, ERROR = 16, 17, 18, 19, 20


class LinkFault(Exception):
    """Bytes that are no message, or a peer that broke the rules: the link is closed."""


def message(kind, payload=b""):
    return struct.pack("<IB", 1 + len(payload), kind) + payload


def hello(token=""):
    return message(HELLO, struct.pack("<IH", MAGIC, VERSION) + token.encode())


def credit(until_frame):
    return message(CREDIT, struct.pack("<Q", until_frame))


def stimulate(ident, pulses):
    """`pulses`: (frame, channel, ((current_uA, duration_us), ...)), ..."""
    parts = [struct.pack("<IH", ident, len(pulses))]
    for frame, channel, phases in pulses:
        parts.append(struct.pack("<QHB", frame, channel, len(phases)))
        parts.extend(struct.pack("<dd", current, duration) for current, duration in phases)
    return message(STIMULATE, b"".join(parts))


def welcome(channels, frames_per_second, start_frame, live):
    return message(WELCOME, struct.pack("<HHIQB", VERSION, channels, frames_per_second, start_frame, live))


def tick(from_frame, until_frame, spikes):
    """`spikes`: (frame, channel) in order of frame."""
    rows = b"".join(struct.pack("<IH", frame - from_frame, channel) for frame, channel in spikes)
    return message(TICK, struct.pack("<QQI", from_frame, until_frame, len(spikes)) + rows)


def answer(ident, refused, frame, text=""):
    return message(ANSWER, struct.pack("<IBQ", ident, refused, frame) + text.encode())


def stopped(frame, text):
    return message(STOPPED, struct.pack("<Q", frame) + text.encode())


def error(text):
    return message(ERROR, text.encode())


class Parser:
    """Puts messages together from whatever pieces the network hands over."""

    def __init__(self):
        self._pending = bytearray()

    def feed(self, data):
        """Yields (kind, payload) of each message that `data` completes."""
        self._pending += data
        while len(self._pending) >= 4:
            (length,) = struct.unpack_from("<I", self._pending)
            if not 1 <= length <= MAX_MESSAGE_BYTES:
                raise LinkFault(f"expected a message of 1 to {MAX_MESSAGE_BYTES} bytes, got {length}")
            if len(self._pending) < 4 + length:
                return
            body = bytes(self._pending[4 : 4 + length])
            del self._pending[: 4 + length]
            yield body[0], body[1:]


def parsed(read):
    """Turns a payload that is cut short into a LinkFault."""

    def reader(payload):
        try:
            return read(payload)
        except (struct.error, UnicodeDecodeError) as fault:
            raise LinkFault(f"{read.__name__}: {fault}") from None

    return reader


@parsed
def read_hello(payload):
    magic, version = struct.unpack_from("<IH", payload)
    if magic != MAGIC:
        raise LinkFault("expected a client of wetgrad's link")
    if version != VERSION:
        raise LinkFault(f"speaks version {VERSION} of the link, the client version {version}")
    return payload[6:].decode()


@parsed
def read_welcome(payload):
    """(channels, frames per second, start frame, live)"""
    version, channels, rate, start, live = struct.unpack("<HHIQB", payload)
    if version != VERSION:
        raise LinkFault(f"expected version {VERSION} of the link, got {version}")
    return channels, rate, start, bool(live)


@parsed
def read_tick(payload):
    """(from frame, until frame, [(frame, channel)])"""
    start, until, count = struct.unpack_from("<QQI", payload)
    rows = payload[20:]
    if len(rows) != 6 * count:
        raise LinkFault(f"a tick of {count} spikes in {len(rows)} bytes")
    return start, until, [(start + offset, channel) for offset, channel in struct.iter_unpack("<IH", rows)]


@parsed
def read_stimulate(payload):
    """(id, [(frame, channel, ((current_uA, duration_us), ...))])"""
    ident, count = struct.unpack_from("<IH", payload)
    at = 6
    pulses = []
    for _ in range(count):
        frame, channel, phases = struct.unpack_from("<QHB", payload, at)
        at += 11
        values = struct.unpack_from(f"<{2 * phases}d", payload, at)
        at += 16 * phases
        pulses.append((frame, channel, tuple(zip(values[::2], values[1::2]))))
    if at != len(payload):
        raise LinkFault(f"{len(payload) - at} bytes too many in a message")
    return ident, pulses


@parsed
def read_answer(payload):
    """(id, refused, frame, text)"""
    ident, refused, frame = struct.unpack_from("<IBQ", payload)
    return ident, bool(refused), frame, payload[13:].decode()
