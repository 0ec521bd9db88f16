use super::File;

/// The constant modules: path in the tree and text. One line for each file under `templates/modules`, with their
/// `terraform test` files; a test compares.
pub const MODULES: [(&str, &str); 21] = [
    ("modules/hub/README.md", include_str!("../../../../templates/modules/hub/README.md")),
    ("modules/hub/main.tf", include_str!("../../../../templates/modules/hub/main.tf")),
    ("modules/hub/outputs.tf", include_str!("../../../../templates/modules/hub/outputs.tf")),
    ("modules/hub/routes.tf", include_str!("../../../../templates/modules/hub/routes.tf")),
    ("modules/hub/share.tf", include_str!("../../../../templates/modules/hub/share.tf")),
    (
        "modules/hub/tests/hub.tftest.hcl",
        include_str!("../../../../templates/modules/hub/tests/hub.tftest.hcl"),
    ),
    (
        "modules/hub/tests/refused.tftest.hcl",
        include_str!("../../../../templates/modules/hub/tests/refused.tftest.hcl"),
    ),
    ("modules/hub/variables.tf", include_str!("../../../../templates/modules/hub/variables.tf")),
    ("modules/hub/versions.tf", include_str!("../../../../templates/modules/hub/versions.tf")),
    ("modules/vpc/README.md", include_str!("../../../../templates/modules/vpc/README.md")),
    ("modules/vpc/acls.tf", include_str!("../../../../templates/modules/vpc/acls.tf")),
    ("modules/vpc/main.tf", include_str!("../../../../templates/modules/vpc/main.tf")),
    ("modules/vpc/outputs.tf", include_str!("../../../../templates/modules/vpc/outputs.tf")),
    ("modules/vpc/routes.tf", include_str!("../../../../templates/modules/vpc/routes.tf")),
    ("modules/vpc/subnets.tf", include_str!("../../../../templates/modules/vpc/subnets.tf")),
    (
        "modules/vpc/tests/refused.tftest.hcl",
        include_str!("../../../../templates/modules/vpc/tests/refused.tftest.hcl"),
    ),
    (
        "modules/vpc/tests/vpc.tftest.hcl",
        include_str!("../../../../templates/modules/vpc/tests/vpc.tftest.hcl"),
    ),
    (
        "modules/vpc/tests/ways.tftest.hcl",
        include_str!("../../../../templates/modules/vpc/tests/ways.tftest.hcl"),
    ),
    ("modules/vpc/transit.tf", include_str!("../../../../templates/modules/vpc/transit.tf")),
    ("modules/vpc/variables.tf", include_str!("../../../../templates/modules/vpc/variables.tf")),
    ("modules/vpc/versions.tf", include_str!("../../../../templates/modules/vpc/versions.tf")),
];

/// The files of the constant modules.
pub(super) fn files() -> Vec<File> {
    MODULES.iter().map(|&(path, text)| (path.to_owned(), text.to_owned())).collect()
}
