//! Data sources that say nothing but what the provider's configuration says.

/// The setting of the provider that an attribute of a data source is.
///
/// `aws_region` without arguments is the region that the provider works in.
/// Source: AWS provider 6, documentation of `aws_region`.
const LOOKUPS: [(&str, &str, &str); 1] = [("aws_region", "region", "region")];

/// The provider's setting that a data source repeats.
pub(super) fn setting(type_name: &str, attribute: &str) -> Option<&'static str> {
    let found = LOOKUPS.iter().find(|(of, name, _)| *of == type_name && *name == attribute);
    found.map(|(_, _, setting)| *setting)
}
