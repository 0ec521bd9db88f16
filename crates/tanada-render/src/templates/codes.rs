//! What can be wrong about templates.

use tanada_model::diagnostic::{Code, Severity};

/// Every code that templates can raise.
pub const CODES: &[Code] = &[TEMPLATE_ADDRESS, TEMPLATE_ERROR, TEMPLATE_OUTPUT, TEMPLATE_PATH];

const fn error(name: &'static str, explanation: &'static str) -> Code {
    Code { name, severity: Severity::Error, explanation }
}

pub(super) const TEMPLATE_PATH: Code = error(
    "template-path",
    "A template has a name that no file can come from, or that tanada writes itself. Templates lie in `vpc/`, `hub/`, \
     `team/` or `estate/` and end in `.tera`; one that takes the place of a file of tanada ends in `.replace.tera`.",
);

pub(super) const TEMPLATE_ERROR: Code =
    error("template-error", "A template does not read as one, or asks for a value that there is not.");

pub(super) const TEMPLATE_OUTPUT: Code = error(
    "template-output",
    "What a template yields is not a file of its kind: `.tf`, `.tfvars` and `.hcl` must be HCL, `.json` must be JSON, \
     and no file is larger than 1 MiB.",
);

pub(super) const TEMPLATE_ADDRESS: Code = error(
    "template-address",
    "A template writes an address of the estate as a literal. Every address is written once in the whole tree; a second \
     copy would stay behind when the first one changes.",
);
