// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// What the shim's files share: how a function is given to the host or asked of it, and the heard sounds of a tic.
#ifndef WETGRAD_SHIM_H
#define WETGRAD_SHIM_H

// Raised with every change of what is exported or how it is laid out (src/games/doom/exports.ts).
#define INTERFACE_VERSION 2

#define EXPORT(name) __attribute__((export_name(#name))) name
#define HOST(name) __attribute__((import_module("host"), import_name(#name)))

HOST(wad_size) extern int host_wad_size(int wad);
// Copies `length` bytes from `offset` of a WAD; how many there were.
HOST(wad_read) extern int host_wad_read(int wad, unsigned offset, void *to, unsigned length);
// Ends the call by an exception of the host's; the instance is not to be used any more.
HOST(fatal) extern void host_fatal(const char *message) __attribute__((noreturn));

void forget_sounds(void);

#endif
