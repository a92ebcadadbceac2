/** One book for a device in this process, however many drivers of it are open. */
import type { Time } from "../time.ts";
import { DeviceBook } from "./book.ts";

const held = new Map<string, { readonly book: DeviceBook; users: number }>();

/** Throws as `DeviceBook.open` does. Each taking is given back. */
export function takeBook(deviceId: string, time: Time): DeviceBook {
  const found = held.get(deviceId) ?? { book: DeviceBook.open(deviceId, time), users: 0 };
  held.set(deviceId, found);
  found.users++;
  return found.book;
}

export function giveBackBook({ deviceId }: DeviceBook): void {
  const found = held.get(deviceId);
  if (!found || --found.users > 0) return;
  held.delete(deviceId);
  found.book.close();
}
