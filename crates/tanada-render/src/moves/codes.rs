use tanada_model::diagnostic::{Code, Severity};

macro_rules! codes {
    ($($name:ident $text:literal $explanation:literal;)*) => {
        $(pub(super) const $name: Code =
            Code { name: $text, severity: Severity::Error, explanation: $explanation };)*

        /// Every code that a move can raise.
        pub const CODES: &[Code] = &[$($name),*];
    };
}

codes! {
    MOVE_STAGE "move-stage"
        "The stages of a move come one after the other, each applied before the next; a stage that was skipped would destroy a network before another one stands.";
    MOVE_GATE "move-gate"
        "Before the old network of a move goes, somebody has to say that nothing uses it any more. No program can see that.";
    MOVE_UNFIT "move-unfit"
        "A VPC with `moves_from` cannot move as it is written.";
    MOVE_UNFINISHED "move-unfinished"
        "The input forgot a move that is under way: taking its end for granted would replace the network that still stands.";
    MOVE_ELSEWHERE "move-elsewhere"
        "`moves_from` names other addresses than the lock has for the VPC. Emitting them would replace what stands there.";
}
