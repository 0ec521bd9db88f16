//! What a move complains of.

use crate::codes::codes;

codes! { "Every code that a move can raise."
    MOVE_STAGE Error "move-stage"
        "The stages of a move come one after the other, each applied before the next; a stage that was skipped would destroy a network before another one stands.";
    MOVE_GATE Error "move-gate"
        "Before the old network of a move goes, somebody has to say that nothing uses it any more. No program can see that.";
    MOVE_UNFIT Error "move-unfit"
        "A VPC with `moves_from` cannot move as it is written.";
    MOVE_UNFINISHED Error "move-unfinished"
        "The input forgot a move that is under way: taking its end for granted would replace the network that still stands.";
    MOVE_ELSEWHERE Error "move-elsewhere"
        "`moves_from` names other addresses than the lock has for the VPC. Emitting them would replace what stands there.";
}
