/**
 * A page in a browser keeps no books of physical devices, so it stimulates none: the twin of `shared.ts` (`#device-books`).
 * Simulated tissue has no books.
 */
import type { Time } from "../time.ts";
import type { DeviceBook } from "./book.ts";

export function takeBook(deviceId: string, _time: Time): DeviceBook {
  throw new Error(
    `device ${deviceId}: expected simulated tissue, for a page has no disk to keep a physical device's books on; stimulate it from wetgrad on its own machine`,
  );
}

/** Nothing was taken. */
export function giveBackBook(_book: DeviceBook): void {}
