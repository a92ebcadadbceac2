// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// The little of SDL that the engine's files name when there is no window and no sound card: byte order and sorting.
#ifndef WETGRAD_SDL_H
#define WETGRAD_SDL_H
#include <stdlib.h>
#define SDL_LIL_ENDIAN 1234
#define SDL_BIG_ENDIAN 4321
#define SDL_BYTEORDER SDL_LIL_ENDIAN
#define SDL_SwapLE16(value) ((unsigned short) (value))
#define SDL_SwapLE32(value) ((unsigned int) (value))
#define SDL_qsort qsort
typedef struct { int type; } SDL_Event;
#endif
