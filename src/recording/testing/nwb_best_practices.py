"""Names what in an NWB file goes against the published best practices, one line of JSON: a list of texts.

The rules are those that NWB Inspector (0.7) calls critical or a violation, and its suggestion on names of modules, for the
types of objects that wetgrad writes; written anew from their descriptions, https://nwbinspector.readthedocs.io. Looks at all
rows, where the inspector looks at the first 200.
Needs h5py and numpy.
"""
import datetime
import json
import re
import sys

import h5py
import numpy as np

MODULES = {"ophys", "ecephys", "icephys", "behavior", "misc", "ogen", "retinotopy"}
PLACEHOLDERS = {"", "no description", "no desc", "none", "placeholder"}
AGE = r"P(?!$)([\d.]+Y)?([\d.]+M)?([\d.]+W)?([\d.]+D)?(T(?=\d)([\d.]+H)?([\d.]+M)?([\d.]+S)?)?"
SPECIES = r"[A-Z][a-z]* [a-z]+|http://purl\.obolibrary\.org/obo/NCBITaxon_\d+"
YEAR = 31557600.0

faults = []


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def check(holds, where, what):
    if not holds:
        faults.append(f"{where}: {what}")


def check_series(series, where):
    data = series["data"]
    check(text(data.attrs.get("unit", "")), where, "data has no unit")
    resolution = data.attrs.get("resolution", -1.0)
    check(resolution == -1 or np.isnan(resolution) or resolution > 0, where, "resolution is neither positive nor -1")
    check(all(n <= data.shape[0] for n in data.shape[1:]), where, "time is not the longest dimension")
    if "timestamps" not in series:
        rate = series["starting_time"].attrs["rate"]
        check(rate >= 0.01, where, "rate below 0.01 Hz")
        check(series["starting_time"][()] >= 0, where, "begins before 0")
        check(data.shape[0] / rate < YEAR, where, "longer than a year")
        return
    times = series["timestamps"][:]
    check(len(times) == data.shape[0], where, "data and timestamps differ in length")
    check(not np.isnan(times).any(), where, "NaN among timestamps")
    steps = np.diff(times)
    check((steps >= 0).all(), where, "timestamps do not ascend")
    regular = len(times) > 2 and len(np.unique(steps.round(9))) == 1 and steps[0] != 0
    check(not regular, where, "regular timestamps, which a starting_time and a rate should tell")
    check(len(times) == 0 or times[0] >= 0, where, "begins before 0")


def check_table(table, where):
    ids = table["id"][:]
    check(len(ids) > 0, where, "no rows")
    check(len(set(ids.tolist())) == len(ids), where, "ids are not unique")
    for name, column in table.items():
        check(text(column.attrs.get("description", "-")).lower().strip(" .") not in PLACEHOLDERS, f"{where}/{name}", "no description")
        if text(column.attrs.get("neurodata_type", "")) == "DynamicTableRegion":
            rows = table.file[column.attrs["table"]]["id"].shape[0]
            check(((column[:] >= 0) & (column[:] < rows)).all(), f"{where}/{name}", "points outside of its table")
        if column.dtype.kind == "f" and column.size > 0:
            check(not np.isnan(column[:]).all(), f"{where}/{name}", "all NaN")


def check_intervals(table, where):
    start, stop = table["start_time"][:], table["stop_time"][:]
    check((stop >= start).all(), where, "ends before it starts")
    check(len(start) < 2 or (start != start[0]).any(), where, "all intervals start at once")
    check((start >= 0).all(), where, "starts before 0")
    check((np.diff(start) >= 0).all(), where, "start times do not ascend")


def rows_of(units, name):
    data, ends = units[name][:], units[f"{name}_index"][:].astype(int)
    return [data[(ends[i - 1] if i else 0):end] for i, end in enumerate(ends)]


def check_units(units, where):
    if "spike_times" not in units:
        check(False, where, "no spike_times")
        return
    resolution = units["spike_times"].attrs.get("resolution", 0)
    check(resolution > 0, where, "spike_times have no resolution")
    times = units["spike_times"][:]
    check((times >= 0).all(), where, "spikes before 0")
    check(len(times) == 0 or times.max() - times.min() < YEAR, where, "longer than a year")
    check(len(times) < 2 or not (times == np.floor(times)).all() or times.max() < 1e5, where, "times look like samples")
    observed = rows_of(units, "obs_intervals") if "obs_intervals" in units else None
    for row, spikes in enumerate(rows_of(units, "spike_times")):
        check((np.diff(spikes) >= (0 if resolution > 0 else 1e-300)).all(), f"{where}[{row}]", "spike times do not ascend")
        if observed is not None:
            inside = np.zeros(len(spikes), bool)
            for begin, end in observed[row].reshape(-1, 2):
                inside |= (spikes >= begin) & (spikes <= end)
            check(inside.all(), f"{where}[{row}]", "spikes outside of the observed intervals")


def check_subject(subject, where):
    def of(name):
        return text(subject[name][()]) if name in subject else ""

    check(re.fullmatch(AGE, of("age")), where, f"age '{of('age')}' is no ISO 8601 duration")
    check(re.fullmatch(SPECIES, of("species")), where, f"species '{of('species')}' is not a binomial")
    check(of("sex") in {"M", "F", "U", "O"}, where, "sex is none of M, F, U, O")
    check(of("subject_id") and "/" not in of("subject_id"), where, "no subject_id, or one with a slash")


CHECKS = {
    "TimeSeries": [check_series],
    "ElectricalSeries": [check_series],
    "DynamicTable": [check_table],
    "TimeIntervals": [check_table, check_intervals],
    "Units": [check_table, check_units],
    "Subject": [check_subject],
}


def visit(name, thing):
    where = f"/{name}"
    check("\\" not in name and ":" not in name, where, "a slash or colon in its name")
    kind = text(thing.attrs.get("neurodata_type", ""))
    if "description" in thing.attrs:
        check(text(thing.attrs["description"]).lower().strip(" .") not in PLACEHOLDERS, where, "no description")
    for rule in CHECKS.get(kind, []):
        rule(thing, where)
    if kind == "ProcessingModule":
        check(name.split("/")[-1] in MODULES, where, "not a name of a module that the best practices know")
    if isinstance(thing, h5py.Dataset) and 20e9 < thing.size * thing.dtype.itemsize:
        check(thing.compression, where, "large and not compressed")


with h5py.File(sys.argv[1], "r") as file:
    file.visititems(visit)
    start = datetime.datetime.fromisoformat(text(file["session_start_time"][()]).replace("Z", "+00:00"))
    check(datetime.datetime(1980, 1, 1, tzinfo=datetime.timezone.utc) < start < datetime.datetime.now(datetime.timezone.utc), "/session_start_time", "before 1980 or to come")
    for name in ("experiment_description", "keywords"):
        check(f"general/{name}" in file, f"/general/{name}", "missing")
    check("general/subject" in file, "/general/subject", "missing")
    check(re.search(r"\.nwb(\.h5)?$", sys.argv[1]), sys.argv[1], "not named .nwb")
print(json.dumps(faults))
