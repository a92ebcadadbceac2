/** Every format that recordings are read from: what is taken of it, and where it is publicly defined. */

export interface RecordingFormat {
  readonly name: string;
  /** How its files usually end; they are known by their content. */
  readonly files: string;
  readonly kind: "spikes" | "signals" | "spikes or signals";
  readonly read: string;
  /** The other program that read the same from its files, or wrote them, and which files; none where there is none. */
  readonly compared?: string;
  readonly definition: string;
}

export const FORMATS: readonly RecordingFormat[] = [
  {
    name: "Axion spike list",
    files: ".csv",
    kind: "spikes",
    read: "wells, electrodes, settings; commas, semicolons or tabs, decimal commas, UTF-8 or UTF-16",
    definition: "AxIS Navigator User Guide",
  },
  {
    name: "Axion spike counts",
    files: ".csv",
    kind: "spikes",
    read: "counts a second, by well",
    definition: "AxIS Navigator User Guide",
  },
  {
    name: "Axion spikes",
    files: ".spk",
    kind: "spikes",
    read: "wells, electrodes; header version 1",
    definition: "https://github.com/axionbio/AxionFileLoader",
  },
  {
    name: "binned CSV",
    files: ".csv",
    kind: "spikes",
    read: "a time column, and counts in columns unit_1, unit_2, ...",
    definition: "docs/recordings.md",
  },
  {
    name: "Blackrock events",
    files: ".nev",
    kind: "spikes",
    read: "electrodes by label, units; versions 2.x and 3.0",
    definition: "https://blackrockneurotech.com/wp-content/LB-0023-7.00_NEV_File_Format.pdf",
  },
  {
    name: "BrainVision",
    files: ".vhdr with .eeg and .vmrk",
    kind: "signals",
    read: "samples (int16, int32, float32), markers",
    compared: "mne (files of the tests)",
    definition: "https://www.brainproducts.com/support-resources/brainvision-core-data-format-1-0/",
  },
  {
    name: "CL1",
    files: ".h5",
    kind: "spikes",
    read: "channels, clock",
    compared: "h5py",
    definition: "https://docs.corticallabs.com",
  },
  {
    name: "EDF, EDF+, BDF",
    files: ".edf, .bdf",
    kind: "signals",
    read: "samples, annotations, triggers; discontinuous (EDF+D), cut off, decimal commas",
    compared: "mne (files of the tests, and published ones)",
    definition: "https://www.edfplus.info/specs/edf.html",
  },
  {
    name: "EEGLAB",
    files: ".set with .fdt",
    kind: "signals",
    read: "samples, events; MATLAB 5 and 7.3",
    compared: "mne (a published file)",
    definition: "https://eeglab.org/tutorials/ConceptsGuide/Data_Structures.html",
  },
  {
    name: "EyeLink ASC",
    files: ".asc",
    kind: "signals",
    read: "gaze and pupil of one or both eyes to 2 kHz; fixations, saccades, blinks, messages; events alone",
    definition: "EyeLink 1000 User Manual, section 4.9",
  },
  {
    name: "Intan RHX",
    files: ".rhd, .rhs",
    kind: "signals",
    read: "amplifier channels in uV, one file for all",
    compared: "neo (files of the tests)",
    definition: "https://intantech.com/files/Intan_RHD2000_data_file_formats.pdf",
  },
  {
    name: "MaxWell (MaxOne, MaxTwo)",
    files: ".raw.h5",
    kind: "spikes",
    read: "wells, channels with positions, spikes that were found while recording",
    definition: "https://neo.readthedocs.io/en/latest/rawio.html (neo.rawio.maxwellrawio)",
  },
  {
    name: "MEA HDF5",
    files: ".h5",
    kind: "spikes",
    read: "electrodes with positions; wells with treatment and dose",
    definition: "https://doi.org/10.1186/2047-217X-3-3",
  },
  {
    name: "Multi Channel Systems HDF5",
    files: ".h5",
    kind: "spikes or signals",
    read: "time stamps by channel label, else of segments; analog streams",
    definition: "https://mcspydatatools.readthedocs.io",
  },
  {
    name: "NEST spike recorder",
    files: ".dat",
    kind: "spikes",
    read: "senders; milliseconds",
    definition: "https://nest-simulator.readthedocs.io/en/stable/devices/record_from_simulations.html",
  },
  {
    name: "NeuroExplorer",
    files: ".nex",
    kind: "spikes",
    read: "neurons, span of the recording",
    compared: "neo (files of the tests)",
    definition: "https://www.neuroexplorer.com/downloadspage/",
  },
  {
    name: "NWB 2",
    files: ".nwb",
    kind: "spikes or signals",
    read: "units wherever they stand, SpikeEventSeries, observation intervals, trials, electrodes; raw series; a run of wetgrad by seed, code and arm",
    compared: "pynwb (files written by it); h5py",
    definition: "https://nwb-schema.readthedocs.io",
  },
  {
    name: "Open Ephys binary",
    files: "folder, structure.oebin",
    kind: "spikes or signals",
    read: "spikes by electrode and unit, versions 0.5 and 0.6; continuous data",
    definition: "https://open-ephys.github.io/gui-docs/User-Manual/Recording-data/Binary-format.html",
  },
  {
    name: "phy, Kilosort",
    files: "folder, params.py",
    kind: "spikes",
    read: "units with their label; noise left out",
    compared: "neo (files of the tests)",
    definition: "https://phy.readthedocs.io/en/latest/sorting_user_guide/#datasets",
  },
  {
    name: "spike list",
    files: ".csv, .tsv, .txt",
    kind: "spikes",
    read: "time and channel; well, trial, group, treatment and dose by column; s, ms, us or samples",
    definition: "docs/recordings.md",
  },
  {
    name: "SpikeInterface sorting",
    files: ".npz",
    kind: "spikes",
    read: "units, segments one after another",
    definition: "https://spikeinterface.readthedocs.io/en/stable/modules/extractors.html",
  },
  {
    name: "WFDB",
    files: ".hea with .dat",
    kind: "signals",
    read: "formats 16 and 212",
    definition: "https://physionet.org/physiotools/wag/header-5.htm",
  },
  {
    name: "XDF",
    files: ".xdf",
    kind: "signals",
    read: "streams on the recorder's clock, markers",
    definition: "https://github.com/sccn/xdf/wiki/Specifications",
  },
];
