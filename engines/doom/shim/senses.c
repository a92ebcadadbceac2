// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// What the host reads of the game. All places and distances are 16.16 fixed point, all angles 32-bit fractions of a circle.
#include <string.h>
#include "doomdef.h"
#include "doomstat.h"
#include "p_local.h"
#include "r_state.h"
#include "tables.h"
#include "shim.h"

#define STATE_INTS 16
#define THING_INTS 8
#define MOST_THINGS 256
#define STEP_HEIGHT (24 * FRACUNIT)

extern int prndindex;

static int state[STATE_INTS];
static int things[MOST_THINGS][THING_INTS];

static angle_t bearing_of(mobj_t *from, mobj_t *to)
{
    return R_PointToAngle2(from->x, from->y, to->x, to->y) - from->angle;
}

// 0 health  1 armour  2 alive  3 kills  4 items  5 x  6 y  7 z  8 angle  9 weapon  10 its ammunition, -1 none
// 11 damage of late  12 bearing of who hurt, 0 nobody  13 tics of the map  14 in a map  15 place in the random numbers
int *EXPORT(doom_state)(void)
{
    player_t *player = &players[0];
    mobj_t *body = player->mo;
    ammotype_t ammunition = weaponinfo[player->readyweapon].ammo;
    memset(state, 0, sizeof state);
    state[0] = player->health;
    state[1] = player->armorpoints;
    state[2] = player->playerstate == PST_LIVE;
    state[3] = player->killcount;
    state[4] = player->itemcount;
    if (body)
    {
        state[5] = body->x;
        state[6] = body->y;
        state[7] = body->z;
        state[8] = body->angle;
        if (player->attacker) state[12] = bearing_of(body, player->attacker);
    }
    state[9] = player->readyweapon;
    state[10] = ammunition == am_noammo ? -1 : player->ammo[ammunition];
    state[11] = player->damagecount;
    state[13] = leveltime;
    state[14] = gamestate == GS_LEVEL;
    state[15] = prndindex;
    return state;
}

// Of every thing but the player: 0 type  1 flags  2 health  3 x  4 y  5 distance  6 bearing  7 in sight, if asked for
int EXPORT(doom_things)(int with_sight)
{
    mobj_t *body = players[0].mo;
    int count = 0;
    if (!body) return 0;
    for (thinker_t *thinker = thinkercap.next; thinker != &thinkercap && count < MOST_THINGS; thinker = thinker->next)
    {
        mobj_t *thing = (mobj_t *) thinker;
        if (thinker->function.acp1 != (actionf_p1) P_MobjThinker || thing == body) continue;
        int *entry = things[count++];
        entry[0] = thing->type;
        entry[1] = thing->flags;
        entry[2] = thing->health;
        entry[3] = thing->x;
        entry[4] = thing->y;
        entry[5] = P_AproxDistance(thing->x - body->x, thing->y - body->y);
        entry[6] = bearing_of(body, thing);
        entry[7] = with_sight && P_CheckSight(body, thing);
    }
    return count;
}

int *EXPORT(doom_things_at)(void) { return things[0]; }

// A ray: 0 distance in map units  1 what it met: 0 nothing, 1 a wall, 2 something alive, 3 an item  2 its type
static int met[3];
static fixed_t met_fraction;

static boolean passes(intercept_t *crossed)
{
    if (crossed->isaline)
    {
        line_t *line = crossed->d.line;
        if (line->flags & ML_TWOSIDED)
        {
            P_LineOpening(line);
            if (openrange > 0 && openbottom - players[0].mo->z <= STEP_HEIGHT) return true;
        }
        met[1] = 1;
        met[2] = line->special;
    }
    else
    {
        mobj_t *thing = crossed->d.thing;
        boolean alive = (thing->flags & MF_SHOOTABLE) && thing->health > 0;
        if (thing == players[0].mo || !(alive || (thing->flags & MF_SPECIAL))) return true;
        met[1] = alive ? 2 : 3;
        met[2] = thing->type;
    }
    met_fraction = crossed->frac;
    return false;
}

// A ray from the player, turned left of where they look, as far as `range` map units.
int *EXPORT(doom_ray)(unsigned turned, int range)
{
    mobj_t *body = players[0].mo;
    angle_t fine = (body->angle + turned) >> ANGLETOFINESHIFT;
    met[1] = met[2] = 0;
    met_fraction = FRACUNIT;
    P_PathTraverse(body->x, body->y, body->x + range * finecosine[fine], body->y + range * finesine[fine],
                   PT_ADDLINES | PT_ADDTHINGS, passes);
    met[0] = FixedMul(range << FRACBITS, met_fraction) >> FRACBITS;
    return met;
}
