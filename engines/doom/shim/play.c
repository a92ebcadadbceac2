// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Opening the engine, starting a map, playing a tic, drawing a frame. The engine's own main loop, menus and wipes are not used.
#include <stdlib.h>
#include <string.h>
#include "doomdef.h"
#include "doomstat.h"
#include "d_main.h"
#include "g_game.h"
#include "hu_stuff.h"
#include "i_video.h"
#include "m_argv.h"
#include "p_local.h"
#include "p_setup.h"
#include "r_local.h"
#include "s_sound.h"
#include "st_stuff.h"
#include "v_video.h"
#include "w_wad.h"
#include "z_zone.h"
#include "shim.h"

#define WHOLE_VIEW 11

extern ticcmd_t *netcmds;
extern int prndindex;
extern int rndindex;

static ticcmd_t commands[MAXPLAYERS];
static char *arguments[] = {"doom"};

int EXPORT(doom_interface)(void) { return INTERFACE_VERSION; }

// The host has so many WADs, the first of them the game's data. To be called once, and before all else.
void EXPORT(doom_open)(int wads, int is_second_game)
{
    myargc = 1;
    myargv = arguments;
    I_VideoBuffer = calloc(SCREENWIDTH, SCREENHEIGHT);
    Z_Init();
    V_Init();
    for (int wad = 0; wad < wads; wad++) W_AddFile(wad == 0 ? "game.wad" : "patch.wad");
    W_GenerateHashTable();
    gamemission = is_second_game ? doom2 : doom;
    gamemode = is_second_game ? commercial : retail;
    gameversion = is_second_game ? exe_doom_1_9 : exe_ultimate;
    consoleplayer = displayplayer = 0;
    playeringame[0] = true;
    // Else a map's start draws on every picture of it.
    precache = false;
    R_Init();
    P_Init();
    S_Init(127, 0);
    HU_Init();
    ST_Init();
    V_RestoreBuffer();
    R_SetViewSize(WHOLE_VIEW, 0);
    R_ExecuteSetViewSize();
    netcmds = commands;
}

// Where in its table of 256 the engine goes on drawing random numbers.
void EXPORT(doom_random)(int place) { rndindex = prndindex = place & 255; }

void EXPORT(doom_start)(int skill, int episode, int map, int random)
{
    G_InitNew((skill_t) skill, episode, map);
    gameaction = ga_nothing;
    doom_random(random);
    memset(commands, 0, sizeof commands);
}

// forward -50 to 50, side -40 to 40, turn in 65536ths of a circle with left positive; buttons: 1 fire, 2 use.
void EXPORT(doom_tic)(int forward, int side, int turn, int buttons)
{
    ticcmd_t *command = &commands[0];
    memset(command, 0, sizeof *command);
    command->forwardmove = forward;
    command->sidemove = side;
    command->angleturn = turn;
    if (buttons & 1) command->buttons |= BT_ATTACK;
    // A dead player's use begins the map anew.
    if ((buttons & 2) && players[0].playerstate == PST_LIVE) command->buttons |= BT_USE;
    forget_sounds();
    G_Ticker();
    gametic++;
}

void EXPORT(doom_demo)(int number)
{
    static char *lumps[] = {"DEMO1", "DEMO2", "DEMO3"};
    G_DeferedPlayDemo(lumps[number % 3]);
}

int EXPORT(doom_is_demo)(void) { return demoplayback; }

// 3 to 10 with a status bar, 11 the whole frame.
void EXPORT(doom_view)(int size)
{
    R_SetViewSize(size, 0);
    R_ExecuteSetViewSize();
}

// Draws into memory: the frame, and pictures that are cached. parts: 1 the status bar, 2 the weapon in hand and its flash.
void EXPORT(doom_render)(int parts)
{
    player_t *player = &players[0];
    pspdef_t hand[NUMPSPRITES];
    int flash = player->extralight;
    if (gamestate != GS_LEVEL) return;
    memcpy(hand, player->psprites, sizeof hand);
    if (!(parts & 2))
    {
        for (int i = 0; i < NUMPSPRITES; i++) player->psprites[i].state = NULL;
        player->extralight = 0;
    }
    R_RenderPlayerView(player);
    memcpy(player->psprites, hand, sizeof hand);
    player->extralight = flash;
    if (parts & 1) ST_Drawer(viewheight == SCREENHEIGHT, true);
}

pixel_t *EXPORT(doom_screen)(void) { return I_VideoBuffer; }
byte *EXPORT(doom_palette)(void) { return W_CacheLumpName("PLAYPAL", PU_STATIC); }
