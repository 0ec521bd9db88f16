use crate::emit::way_up;
use crate::hcl::{Block, Body, Expr, Key, Object, Reference};
use crate::ident;
use crate::plan::{BackendPlan, VpcRoot};

/// The command that prepares a root.
pub(super) fn init(directory: &str, backend: Option<&BackendPlan>) -> String {
    match backend {
        Some(_) => format!("terraform init -backend-config={}backend.hcl", way_up(directory)),
        None => "terraform init".to_owned(),
    }
}

/// How another root of the team gets at the outputs, in words.
pub(super) fn text(backend: Option<&BackendPlan>) -> &'static str {
    match backend {
        Some(_) => "Other roots of the team read the ids from this root's state:",
        None => "The state is local to this folder; other roots of the team read the ids from it:",
    }
}

/// The same as Terraform.
pub(super) fn example(root: &VpcRoot, backend: Option<&BackendPlan>) -> String {
    let (kind, config) = match backend {
        Some(BackendPlan { kind, key, suffix, settings }) => {
            let own = Expr::from(crate::emit::state_key(&root.birth, suffix));
            let config = Object::new().entry(Key::text(key), own);
            let config = settings
                .iter()
                .fold(config, |config, (name, value)| config.entry(Key::text(name), Expr::from(value)));
            (kind.as_str(), config)
        }
        None => {
            let path = format!("{}/terraform.tfstate", root.directory);
            ("local", Object::new().entry(ident!("path"), Expr::from(path)))
        }
    };
    let state = Body::new().attribute(ident!("backend"), kind).attribute(ident!("config"), config);
    let data = Block::new(ident!("data")).label(ident!("terraform_remote_state")).label(ident!("network"));
    let outputs = Reference::path(
        ident!("data"),
        [ident!("terraform_remote_state"), ident!("network"), ident!("outputs"), ident!("vpc")],
    );
    let mut locals = Body::new().attribute(ident!("vpc_id"), outputs.clone().attribute(ident!("vpc_id")));
    if let Some(subnet) = root.subnets.first() {
        let subnets = outputs.attribute(ident!("subnet_ids")).key(subnet.tier.as_str());
        locals = locals.attribute(ident!("subnet_id"), subnets.key(subnet.name.as_str()));
    }
    Body::new().block(data.body(state)).blank().block(Block::new(ident!("locals")).body(locals)).to_string()
}
