use crate::hcl::{Block, Body, Expr, List, Object, Reference};
use crate::ident;
use crate::pages;
use crate::plan::{Cidr, ExistingAttachment, HubRoot, Plan, SegmentPlan, StaticRoute};

use super::scope::{AddressModule, Scope};
use super::{File, aggregates, backend, document, moved, provider, way_up};

/// Every file of `hub/<name>`.
pub(super) fn files(root: &HubRoot, plan: &Plan) -> Vec<File> {
    let directory = format!("hub/{}", root.name);
    let mut scope = Scope::default();
    let main = main(root, &directory, &mut scope);
    let providers = provider::file(&root.provider, None, &mut scope);
    let mut files = vec![
        ("main.tf", main),
        ("providers.tf", providers),
        ("addresses.tf", scope.addresses(&directory)),
        ("outputs.tf", outputs()),
        ("README.md", pages::hub(root, &scope.variable_names(), plan)),
    ];
    files.extend(scope.variables().map(|text| ("variables.tf", text)));
    files.extend(plan.backend.as_ref().map(|it| ("backend.tf", backend::own(it, &root.birth))));
    files.into_iter().map(|(name, text)| (format!("{directory}/{name}"), text)).collect()
}

fn main<'a>(root: &'a HubRoot, directory: &str, scope: &mut Scope<'a>) -> String {
    let source = way_up(directory) + "modules/hub";
    let gateway = scope.output(AddressModule::Hub(&root.name), ident!("gateway"));
    let segments: List<'a> = root.segments.iter().map(|it| segment(it, scope)).collect();
    let mut module = Body::new()
        .attribute(ident!("source"), Expr::from(source))
        .blank()
        .attribute(ident!("name"), gateway)
        .attribute(ident!("asn"), Expr::from(root.asn))
        .blank()
        .attribute(ident!("segments"), segments);
    if !root.attachments.is_empty() {
        let attachments: List<'a> = root.attachments.iter().map(|it| attachment(it, scope)).collect();
        module = module.blank().attribute(ident!("attachments"), attachments);
    }
    if !root.share_with.is_empty() {
        let accounts: List<'a> = root
            .share_with
            .iter()
            .map(|it| {
                Expr::object([
                    (ident!("name"), it.name.as_str().into()),
                    (ident!("account"), scope.account(it).into()),
                ])
            })
            .collect();
        module = module.blank().attribute(ident!("share_with"), accounts);
    }
    let body = aggregates(document(), &root.aggregates);
    let body = body.block(Block::new(ident!("module")).label(ident!("hub")).body(module));
    root.moved.iter().fold(body, |body, it| body.blank().block(moved(it, ident!("hub")))).to_string()
}

fn segment<'a>(SegmentPlan { name, blackholes }: &'a SegmentPlan, scope: &mut Scope<'a>) -> Object<'a> {
    let object = Object::new().entry(ident!("name"), name.as_str());
    if blackholes.is_empty() {
        return object;
    }
    let rows: List<'a> = blackholes.iter().map(|(to, cidr)| named_cidr(to, cidr, scope)).collect();
    object.entry(ident!("blackholes"), rows)
}

fn named_cidr<'a>(to: &'a str, cidr: &'a Cidr, scope: &mut Scope<'a>) -> Expr<'a> {
    Expr::object([(ident!("to"), to.into()), (ident!("cidr"), scope.cidr(cidr))])
}

fn attachment<'a>(attachment: &'a ExistingAttachment, scope: &mut Scope<'a>) -> Object<'a> {
    let ExistingAttachment { name, id, segment, propagate_to, routes } = attachment;
    let id: Expr<'a> = match id {
        Some(id) => id.as_str().into(),
        None => scope.attachment(name).into(),
    };
    let object = Object::new()
        .entry(ident!("name"), name.as_str())
        .entry(ident!("id"), id)
        .entry(ident!("segment"), segment.as_str())
        .entry(ident!("propagate_to"), Expr::texts(propagate_to.iter().map(String::as_str)));
    if routes.is_empty() { object } else { object.entry(ident!("routes"), static_routes(routes, scope)) }
}

/// One row a static route of a segment.
pub(super) fn static_routes<'a>(routes: &'a [StaticRoute], scope: &mut Scope<'a>) -> List<'a> {
    let row = |StaticRoute { segment, to, cidr }: &'a StaticRoute| {
        let cidr = scope.cidr(cidr);
        Expr::object([
            (ident!("segment"), segment.as_str().into()),
            (ident!("to"), to.as_str().into()),
            (ident!("cidr"), cidr),
        ])
    };
    routes.iter().map(row).collect()
}

fn outputs() -> String {
    let description =
        "Everything that modules/hub gives: ids of the Transit Gateway and of its route tables.";
    let body = Body::new()
        .attribute(ident!("description"), description)
        .attribute(ident!("value"), Reference::path(ident!("module"), [ident!("hub")]));
    document().block(Block::new(ident!("output")).label(ident!("hub")).body(body)).to_string()
}
