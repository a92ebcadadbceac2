// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// WADs are bytes that the host holds, outside this memory: so a snapshot of memory does not carry 28 MB of pictures.
#include <stdlib.h>
#include <string.h>
#include "w_file.h"
#include "shim.h"

typedef struct
{
    wad_file_t file;
    int number;
} held_wad_t;

static wad_file_class_t held_class;
static int opened;

// The host's WADs are opened in their order, whatever they are called.
wad_file_t *W_OpenFile(const char *name)
{
    held_wad_t *wad = calloc(1, sizeof *wad);
    wad->number = opened++;
    wad->file.file_class = &held_class;
    wad->file.length = host_wad_size(wad->number);
    wad->file.path = strdup(name);
    return &wad->file;
}

void W_CloseFile(wad_file_t *file) {}

size_t W_Read(wad_file_t *file, unsigned int offset, void *to, size_t length)
{
    return host_wad_read(((held_wad_t *) file)->number, offset, to, length);
}
