// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// The hands of an arena: it puts things somewhere, turns the player, gives health and bullets, clears the dead away.
#include "doomdef.h"
#include "doomstat.h"
#include "p_local.h"
#include "shim.h"

// Map units. Whether there was room; health 0: the type's own. What is awake goes for the player at once.
int EXPORT(doom_spawn)(int type, int x, int y, unsigned angle)
{
    mobj_t *thing = P_SpawnMobj(x << FRACBITS, y << FRACBITS, ONFLOORZ, type);
    thing->angle = angle;
    if (!P_CheckPosition(thing, thing->x, thing->y))
    {
        P_RemoveMobj(thing);
        return 0;
    }
    if (thing->flags & MF_COUNTKILL) totalkills++;
    return 1;
}

// As above, of something that lives: with so much health, and awake.
int EXPORT(doom_spawn_awake)(int type, int x, int y, int health)
{
    if (!doom_spawn(type, x, y, 0)) return 0;
    mobj_t *thing = (mobj_t *) thinkercap.prev;
    mobj_t *body = players[0].mo;
    thing->health = health;
    thing->target = body;
    thing->angle = R_PointToAngle2(thing->x, thing->y, body->x, body->y);
    P_SetMobjState(thing, thing->info->seestate);
    return 1;
}

// Takes away what has died: at once, or when it lies still; how many. Else bodies pile up without end.
int EXPORT(doom_bury)(int at_once)
{
    int count = 0;
    for (thinker_t *thinker = thinkercap.next, *next; thinker != &thinkercap; thinker = next)
    {
        next = thinker->next;
        mobj_t *thing = (mobj_t *) thinker;
        if (thinker->function.acp1 != (actionf_p1) P_MobjThinker || thing == players[0].mo) continue;
        if (!(thing->flags & MF_CORPSE) || !(at_once || thing->tics == -1)) continue;
        P_RemoveMobj(thing);
        count++;
    }
    return count;
}

void EXPORT(doom_look)(unsigned angle)
{
    if (players[0].mo) players[0].mo->angle = angle;
}

// Below 0: as it is.
void EXPORT(doom_give)(int health, int bullets)
{
    player_t *player = &players[0];
    if (health >= 0) player->health = health;
    if (health >= 0 && player->mo) player->mo->health = health;
    if (bullets >= 0) player->ammo[am_clip] = bullets;
}

// Puts the player somewhere, in map units; whether there was room.
int EXPORT(doom_place)(int x, int y)
{
    mobj_t *body = players[0].mo;
    return body && P_TeleportMove(body, x << FRACBITS, y << FRACBITS);
}
