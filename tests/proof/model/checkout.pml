/* A checkout and its door command: two people, one asset behind one door of one bank.

   Kept of design.md (*States*) and safety.md (I1, I6 to I8): a grant is committed on the condition that nothing is in
   flight, then signed and published; the bank obeys a command that is fresh and was never used; the used-mark is durable
   before the pulse; the report is journalled and repeated until acknowledged; what nobody reports of is decided later.
   At any step: functions are killed, messages are lost, repeated, late, and the bank's power is cut.

   Must fail: NAIVE_MARK (marks in memory only), NAIVE_COMMIT (a put without a condition), NAIVE_EXPIRY (commands
   never expire), NAIVE_SWEEP (nothing decides about a grant that nobody reports of).
   Bounds, given from outside: CUTS of power, COPIES that the broker delivers once more, a QUEUE each direction. */
#define GRANTS 2               /* number n is of person n */
#define NONE 15
mtype = { unasked, issued, used, lapsed, unresolved };   /* of a grant */
mtype = { nothing, took, left, dunno };                  /* of a report */

mtype state[GRANTS] = unasked; /* the table: each grant, */
byte live = NONE;              /* the door's live grant, */
byte holder = NONE;            /* who has the asset (NONE: the door), */
bool doubtful;                 /* and whether it is unconfirmed */
bool fresh[GRANTS];            /* by the bank's time base */
bool marked[GRANTS];           /* the bank's disk: used-marks, */
mtype report[GRANTS] = nothing;/* final reports, */
bool acked[GRANTS];            /* and which were acknowledged */
bool memory[GRANTS]; byte pulses[GRANTS]; /* used-marks of NAIVE_MARK; the lock */
byte taken = NONE;             /* who really has the thing */
byte obeying = NONE, cuts, copies;
chan down = [QUEUE] of { byte };
chan up = [QUEUE] of { byte, mtype };

#define FREE (live == NONE && holder == NONE && !doubtful)

proctype Tap(byte g) {         /* the function that a tap wakes, and a second tap by the same person */
  if :: !FREE -> goto done :: else fi;                   /* looks; what it saw may be old when it commits */
#ifdef NAIVE_COMMIT
  atomic { state[g] = issued; live = g; fresh[g] = true };
#else
  atomic { if :: FREE -> state[g] = issued; live = g; fresh[g] = true :: else -> goto done fi };
#endif
  if :: skip :: atomic { nfull(down) -> down!g } fi;                /* killed before it publishes, or not */
  if :: skip :: atomic { nfull(down) && live == g -> down!g } fi;   /* a second tap signs the same grant again */
done: skip
}

proctype Expire(byte g) { end: state[g] != unasked; fresh[g] = false }

proctype Report() {            /* the function that a report wakes; the bank repeats until it is acknowledged */
  byte g; mtype what;
end: do
  :: up?g,what ->
     if :: skip                                          /* lost, or killed before the commit */
        :: atomic {
           if :: what == dunno && live == g -> state[g] = unresolved; doubtful = true; live = NONE
              :: what != dunno && (live == g || state[g] == unresolved) ->
                 if :: what == took -> assert(holder == NONE); holder = g      /* I1: one custodian */
                    :: else fi;
                 if :: live == g -> live = NONE :: else fi;
                 state[g] = used; doubtful = false
              :: else fi }                               /* heard before */
           if :: acked[g] = true :: skip fi              /* killed before the acknowledgement */
     fi
  od
}

proctype Later() {             /* ten minutes on: long after a command expired, and no bank obeys for so long */
end: do
#ifndef NAIVE_SWEEP
  :: atomic { live != NONE && !fresh[live] && obeying != live ->
        if :: !marked[live] -> state[live] = lapsed      /* proof of non-use, from the bank */
           :: state[live] = unresolved; doubtful = true fi;
        live = NONE }
#else
  :: false
#endif
  od
}

#define UNSAID(g) (report[g] != nothing && !acked[g])
#define CUT if :: cuts < CUTS -> cuts++; goto dark :: skip fi

proctype Bank() {
  byte g, each;
end: do
  :: down?g ->
     if :: atomic { copies < COPIES && nfull(down) -> copies++; down!g } :: skip fi;
     if :: skip                                          /* lost */
#ifdef NAIVE_EXPIRY
        :: atomic { !marked[g] && !memory[g] -> obeying = g }
#else
        :: atomic { fresh[g] && !marked[g] && !memory[g] -> obeying = g }
#endif
#ifdef NAIVE_MARK
           memory[g] = true;
#else
           marked[g] = true;
#endif
           CUT;
           atomic { pulses[g]++; assert(pulses[g] == 1);             /* I7: never two pulses for one grant */
                    assert(live == g && state[g] == issued) };       /* I6: a door opens under its live grant only */
           CUT;
           if :: taken == NONE -> taken = g :: skip fi;         /* takes the thing, or does not */
           CUT;
           atomic { report[g] = (taken == g -> took : left); marked[g] = true; obeying = NONE }
     fi
  :: atomic { cuts < CUTS -> cuts++; goto dark }
  :: atomic { nfull(up) && UNSAID(0) -> up!0,report[0] }
  :: atomic { nfull(up) && UNSAID(1) -> up!1,report[1] }
  od;
dark: atomic { obeying = NONE;
  for (each : 0 .. GRANTS - 1) {                         /* boots: what was marked and not reported is said so */
     memory[each] = false;
     if :: marked[each] && report[each] == nothing -> report[each] = dunno :: else fi };
  goto end }
}

init {                         /* when nothing moves any more, every grant has ended */
  byte g;
  atomic { for (g : 0 .. GRANTS - 1) { run Tap(g); run Expire(g) }; run Report(); run Later(); run Bank() };
end: timeout -> assert(live == NONE)
}
