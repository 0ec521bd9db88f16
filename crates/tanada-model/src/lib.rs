//! Every noun of tanada, in the order in which a value flows through them.
//!
//! ```text
//! text → document (what stands there) → design (what it means)
//!                                          ├→ lock (what earlier runs promised)
//!                                          ├→ net (blocks and positions, the arithmetic of all)
//!                                          └→ acl (what rules of a network ACL speak of, as sets)
//! ```
//!
//! This crate reads no file and no clock. It knows nothing of Terraform's resources: `tanada-render` writes
//! them, `tanada-verify` reads them, and neither of the two knows the other.

pub mod acl;
pub mod design;
pub mod diagnostic;
pub mod document;
pub mod edit;
pub mod format;
pub mod lock;
pub mod net;
pub mod quotas;
pub mod schema;
