use crate::hcl::{Block, Body, Expr, Key, Object};
use crate::ident;
use crate::plan::ProviderPlan;

use super::document;
use super::scope::{AddressModule, Scope, role_arn};

/// `providers.tf`: that of the root itself, and one named `hub` where the gateway lies in another account.
pub(super) fn file<'a>(
    own: &'a ProviderPlan,
    hub: Option<&'a ProviderPlan>,
    scope: &mut Scope<'a>,
) -> String {
    let body = document().block(block(own, false, scope));
    let body = match hub {
        Some(hub) => {
            let why = "The account of the gateway: it accepts the attachment and puts it into its segment.";
            body.blank().comment(why).block(block(hub, true, scope))
        }
        None => body,
    };
    body.to_string()
}

fn block<'a>(plan: &'a ProviderPlan, hub: bool, scope: &mut Scope<'a>) -> Block<'a> {
    let ProviderPlan { region, account, tags } = plan;
    let name = scope.output(AddressModule::Region(region), ident!("name"));
    let mut body = Body::new();
    if hub {
        body = body.attribute(ident!("alias"), "hub");
    }
    body = body.attribute(ident!("region"), name);
    if let Some(account) = account {
        let id = scope.account(account);
        body = body.attribute(ident!("allowed_account_ids"), Expr::List(vec![id.clone().into()]));
        if let Some(role) = &account.role {
            let role = Body::new().attribute(ident!("role_arn"), Expr::from(role_arn(region, id, role)));
            body = body.blank().block(Block::new(ident!("assume_role")).body(role));
        }
    }
    if !tags.is_empty() {
        let tags = tags.iter().fold(Object::new(), |object, (tag, value)| {
            object.entry(Key::text(tag), Expr::from(value.as_str()))
        });
        let tags = Body::new().attribute(ident!("tags"), tags);
        body = body.blank().block(Block::new(ident!("default_tags")).body(tags));
    }
    Block::new(ident!("provider")).label(ident!("aws")).body(body)
}
