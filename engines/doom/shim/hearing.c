// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// No sound card: what player 1 would hear in a tic is kept for the host, with loudness and side.
#include "doomtype.h"
#include "i_sound.h"
#include "shim.h"

#define MOST_HEARD 32

// 0 sound  1 volume, 0 to 127  2 side, 0 left to 254 right
static int heard[MOST_HEARD][3];
static int heard_count;

int snd_musicdevice;
int snd_sfxdevice;
int snd_pitchshift;

extern sfxinfo_t S_sfx[];

void forget_sounds(void) { heard_count = 0; }

int I_StartSound(sfxinfo_t *sound, int channel, int volume, int side, int pitch)
{
    if (heard_count < MOST_HEARD)
    {
        int *entry = heard[heard_count++];
        entry[0] = sound - S_sfx;
        entry[1] = volume;
        entry[2] = side;
    }
    return channel;
}

int EXPORT(doom_heard)(void) { return heard_count; }
int *EXPORT(doom_heard_at)(void) { return heard[0]; }

void I_InitSound(boolean prefixed) {}
void I_ShutdownSound(void) {}
int I_GetSfxLumpNum(sfxinfo_t *sound) { return 0; }
void I_UpdateSound(void) {}
void I_UpdateSoundParams(int channel, int volume, int side) {}
void I_StopSound(int channel) {}
boolean I_SoundIsPlaying(int channel) { return false; }
void I_PrecacheSounds(sfxinfo_t *sounds, int count) {}
void I_InitMusic(void) {}
void I_ShutdownMusic(void) {}
void I_SetMusicVolume(int volume) {}
void I_PauseSong(void) {}
void I_ResumeSong(void) {}
void *I_RegisterSong(void *data, int length) { return 0; }
void I_UnRegisterSong(void *song) {}
void I_PlaySong(void *song, boolean looping) {}
void I_StopSong(void) {}
boolean I_MusicIsPlaying(void) { return false; }
void I_SetOPLDriverVer(opl_driver_ver_t version) {}
