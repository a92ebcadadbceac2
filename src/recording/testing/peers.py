"""What other programs read from files of recordings, as one line of JSON: of each file its channels by name, in order.

Told on the command line: a list in JSON of [program, path]. Programs: mne (samples in the unit of the file's own channel, or uV),
neo-nex, neo-phy (seconds of each spike), neo-intan (uV). Of each channel the number of values, and some of them.
"""
import json
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")


def told(names, rows):
    return [{"name": str(name), "count": len(row), "values": row[:: max(1, len(row) // 50)].tolist()} for name, row in zip(names, rows)]


def by_mne(path):
    import mne

    mne.set_log_level("ERROR")
    readers = {"edf": mne.io.read_raw_edf, "bdf": mne.io.read_raw_bdf, "set": mne.io.read_raw_eeglab, "vhdr": mne.io.read_raw_brainvision}
    raw = readers[path.split(".")[-1]](path, preload=True)
    return told(raw.ch_names, raw.get_data() * 1e6)


def spikes_by_neo(reader):
    reader.parse_header()
    channels = range(reader.spike_channels_count())
    times = [reader.rescale_spike_timestamp(reader.get_spike_timestamps(0, 0, i, None, None)).reshape(-1) for i in channels]
    return told([channel["name"] for channel in reader.header["spike_channels"]], times)


def by_neo_nex(path):
    from neo.rawio import NeuroExplorerRawIO

    return spikes_by_neo(NeuroExplorerRawIO(path))


def by_neo_phy(path):
    from neo.rawio import PhyRawIO

    return spikes_by_neo(PhyRawIO(path))


def by_neo_intan(path):
    from neo.rawio import IntanRawIO

    reader = IntanRawIO(path)
    reader.parse_header()
    samples = reader.rescale_signal_raw_to_float(reader.get_analogsignal_chunk(0, 0, 0, None, 0), dtype="float64", stream_index=0)
    stream = reader.header["signal_streams"][0]["id"]
    return told([c["name"] for c in reader.header["signal_channels"] if c["stream_id"] == stream], samples.T)


READERS = {"mne": by_mne, "neo-nex": by_neo_nex, "neo-phy": by_neo_phy, "neo-intan": by_neo_intan}
print(json.dumps([READERS[program](path) for program, path in json.loads(sys.argv[1])]))
