/** `wetgrad device ledger`: the books of physical devices on this machine, read and audited. */
import { Command } from "commander";
import type { Audit } from "../../device/books/audit.ts";
import { print, printJson } from "../manners/output.ts";

export function ledgerCommand(): Command {
  return new Command("ledger")
    .description("what physical devices have been given, by whatever process and version; checks every entry")
    .argument("[device]", "a device's name, such as cl1-10.0.0.8; without one, all that have a ledger here")
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExample:\n  $ wetgrad device ledger cl1-10.0.0.8\n")
    .action(ledger);
}

async function ledger(device: string | undefined, { json }: { json?: boolean }): Promise<void> {
  const [{ auditBooks }, { devicesWithBooks, ledgersFolder }, { DeviceError }] = await Promise.all([
    import("../../device/books/audit.ts"),
    import("../../device/books/place.ts"),
    import("../../device/lost.ts"),
  ]);
  const names = devicesWithBooks();
  if (device !== undefined && !names.includes(device))
    throw new DeviceError(
      `device ledger ${device}: no such ledger in ${ledgersFolder()}; expected one of ${names.join(", ") || "none"}`,
    );
  const audits = (device === undefined ? names : [device]).flatMap((name) => auditBooks(name) ?? []);
  if (json) printJson(device === undefined ? audits.map(reported) : reported(audits[0]));
  else if (audits.length === 0) print(`no ledgers in ${ledgersFolder()}`);
  else for (const audit of audits) show(audit, device !== undefined);
  const broken = audits.find(({ fault }) => fault !== undefined);
  if (broken) throw new DeviceError(`device ledger ${broken.device}: ${broken.fault}`);
}

const NC_PER_FC = 1e-6;

/** As it is printed: charges in nC, times in ISO 8601. */
function reported({ totals, fromMs, untilMs, ...audit }: Audit) {
  return {
    ...audit,
    from: timeOf(fromMs),
    until: timeOf(untilMs),
    pulses: totals.reduce((sum, [, pulses]) => sum + pulses, 0),
    electrodes: totals.map(([channel, pulses, chargeFc, netFc]) => ({
      channel,
      pulses,
      chargeNc: chargeFc * NC_PER_FC,
      netChargeNc: netFc * NC_PER_FC,
    })),
  };
}

function timeOf(ms: number): string | null {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

function show(audit: Audit, inFull: boolean): void {
  const { device, folder, entries, files, openings, from, until, pulses, electrodes, fault, ...rest } =
    reported(audit);
  const state = fault === undefined ? `${entries} entries, each follows from the one before` : "CHANGED";
  print(`${device}: ${pulses} pulses on ${electrodes.length} electrodes (${state})`);
  print(`    ${from} to ${until}, opened ${openings} times, ${files} files in ${folder}`);
  const refused = Object.entries(rest.refusedByRule).map(([rule, count]) => `${count} ${rule}`);
  print(`    ${rest.dropped} dropped, ${rest.stops} stops, refused: ${refused.join(", ") || "none"}`);
  print(`    last entry ${rest.lastHash}`);
  if (!inFull) return;
  for (const { channel, pulses: count, chargeNc, netChargeNc } of electrodes)
    print(
      `    channel ${channel}: ${count} pulses, ${chargeNc.toFixed(3)} nC, net ${netChargeNc.toFixed(4)} nC`,
    );
}
