// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// The platform that the engine asks for, where there is none: no window, clock, command line, network or file.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "doomdef.h"
#include "doomtype.h"
#include "d_loop.h"
#include "i_system.h"
#include "i_video.h"
#include "v_video.h"
#include "doomstat.h"
#include "shim.h"

// Memory of the engine's own allocator. An arena takes less than 1 MiB of it, Freedoom's maps up to 4.
#define ZONE_BYTES (8 << 20)

pixel_t *I_VideoBuffer;
int gametic;
int ticdup = 1;
int oldleveltime;
int usegamma;
int usemouse;
int png_screenshots;
int vanilla_keyboard_mapping = 1;
unsigned int joywait;
boolean screenvisible = true;
boolean screensaver_mode;

// Time is the number of tics played: nothing depends on when it is played.
int I_GetTime(void) { return gametic; }
int I_GetTimeMS(void) { return gametic * 1000 / TICRATE; }
void I_Sleep(int ms) {}
void I_WaitVBL(int count) {}

void I_Error(const char *format, ...)
{
    static char message[512];
    va_list values;
    va_start(values, format);
    vsnprintf(message, sizeof message, format, values);
    va_end(values);
    host_fatal(message);
}

void I_Quit(void) { host_fatal("the engine wants to quit"); }
void I_AtExit(atexit_func_t function, boolean on_error) {}

byte *I_ZoneBase(int *size)
{
    *size = ZONE_BYTES;
    return malloc(ZONE_BYTES);
}

void *I_Realloc(void *old, size_t size)
{
    void *grown = realloc(old, size);
    if (grown == NULL && size > 0) I_Error("out of memory: %u bytes", (unsigned) size);
    return grown;
}

boolean I_GetMemoryValue(unsigned int offset, void *value, int size)
{
    memset(value, 0, size);
    return true;
}

// The palette is the host's to look up; the frame stays in memory until it is asked for.
void I_SetPalette(byte *palette) {}
void I_UpdateNoBlit(void) {}
void I_FinishUpdate(void) {}
void I_ReadScreen(pixel_t *to) { memcpy(to, I_VideoBuffer, SCREENWIDTH * SCREENHEIGHT); }
void I_StartTextInput(int x1, int y1, int x2, int y2) {}
void I_StopTextInput(void) {}
void I_Tactile(int on, int off, int total) {}
boolean I_ConsoleStdout(void) { return false; }
void V_BeginRead(size_t bytes) {}
void V_EnableLoadingDisk(const char *lump, int x, int y) {}
void V_DrawDiskIcon(void) {}
void V_RestoreDiskBackground(void) {}

void NetUpdate(void) {}
void StatCopy(wbstartstruct_t *statistics) {}
boolean D_NonVanillaPlayback(boolean condition, int lump, const char *feature) { return false; }
