/** The secret of a device that asks for one; never on the command line, where others can see it. */
export function deviceToken(): { token?: string } {
  const token = process.env["WETGRAD_BRIDGE_TOKEN"];
  return token === undefined || token === "" ? {} : { token };
}
