//! How a part of the author lists what it can complain of.

/// Defines the codes of one part for its parent, and the part's registry `CODES`, which `tanada explain` lists.
macro_rules! codes {
    ($registry:literal $($name:ident $severity:ident $text:literal $explanation:literal;)*) => {
        $(pub(crate) const $name: tanada_model::diagnostic::Code = tanada_model::diagnostic::Code {
            name: $text,
            severity: tanada_model::diagnostic::Severity::$severity,
            explanation: $explanation,
        };)*

        #[doc = $registry]
        pub const CODES: &[tanada_model::diagnostic::Code] = &[$($name),*];
    };
}
pub(crate) use codes;
