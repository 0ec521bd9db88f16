//! The root of a hub.

use tanada_model::document::place;

use super::{Answers, Book, Case, Step, backend, ident, provider, root, routes};
use crate::plan::{AccountUse, ExistingAttachment, HubRoot, Moved, SegmentPlan};

pub(super) fn answers(case: Case<'_>, name: &str) -> Option<Answers> {
    let root = case.plan.hubs.iter().find(|hub| hub.name == name)?;
    let HubRoot {
        name,
        birth,
        gateway,
        asn,
        provider,
        segments,
        attachments,
        moved,
        share_with,
        aggregates,
        page: _,
    } = root;
    let id = case.design.hubs.id(name)?;
    let hub = &case.design.hubs[id];
    let mut book = Book::new(vec![case.hub(id)]);
    let pattern = place(&case.document.names);
    let pattern = pattern.map(|span| Step::input(span, "names", "what every Name tag starts with"));
    book.add("name", gateway, pattern);
    book.add("asn", asn, [Step::input(hub.asn.span, asn.to_string(), "the gateway's AS number")]);
    let own = |name: &str| aggregates.get(name).copied();
    add_moved(&mut book, moved);
    for SegmentPlan { name, blackholes } in segments {
        let segment: Vec<Step> =
            case.design.segments.id(name).map(|id| case.segment(id)).into_iter().collect();
        let table = Step::rule("a segment has one route table on every hub that has members of it");
        book.add(format!("segments.{name}.name"), name, segment.iter().cloned().chain([table]));
        for (to, cidr) in blackholes {
            let drop = Step::rule("not reached, though a wider route would lead there: dropped");
            let steps: Vec<Step> =
                segment.iter().cloned().chain(case.cidr(cidr, &own)).chain([drop]).collect();
            let at = |attribute: &str| format!("segments.{name}.blackholes.{to}.{attribute}");
            book.add(at("to"), to, steps.clone());
            book.add(at("cidr"), case.value(cidr, &own).unwrap_or_default(), steps);
        }
    }
    for attachment in attachments {
        add_attachment(&mut book, case, attachment, &own);
    }
    add_shares(&mut book, case, share_with);
    for (name, block) in aggregates {
        book.add(format!("local.aggregates.{}", ident(name)), block, case.sum(*block));
    }
    let region = case.hub_statement(name).and_then(|hub| place(&hub.region));
    let region = region.map(|span| Step::input(span, "region", "the hub's region"));
    let region = region.into_iter().chain([case.region(hub.region)]).collect();
    provider::add(&mut book, case, "provider", provider, region, &|key| {
        case.estate_tag(key)
            .into_iter()
            .chain((key == "ManagedBy").then(|| Step::rule("on everything that is emitted")))
            .collect()
    });
    backend::own(&mut book, case, birth, Step::rule("a root has a state of its own"));
    root::add_calls(&mut book, case, &format!("hub/{name}"), "hub");
    Some(book.finish())
}

fn add_attachment(
    book: &mut Book,
    case: Case<'_>,
    attachment: &ExistingAttachment,
    own: &dyn Fn(&str) -> Option<tanada_model::net::Block>,
) {
    let ExistingAttachment { name, id, segment, propagate_to, routes } = attachment;
    let mut steps = Vec::new();
    for (site, of) in
        case.design.sites.ids().map(|site| (case.design.sites.name(site), &case.design.sites[site]))
    {
        for link in of.links.iter().filter(|link| format!("{site}-{}", link.entity.name) == *name) {
            let words = format!("site \"{}\"", of.entity.name);
            steps.push(Step::input(of.entity.span, words, format!("site `{site}`")));
            let words = format!("link \"{}\"", link.entity.name);
            steps.push(Step::input(link.entity.span, words, "its link, an attachment that exists already"));
        }
    }
    let at = |attribute: &str| format!("attachments.{name}.{attribute}");
    book.add(at("name"), name, steps.clone());
    let value = id.clone().unwrap_or_else(|| format!("var.attachment_{}", ident(name)));
    book.add(at("id"), value, steps.clone());
    let of = |name: &str| case.design.segments.id(name).map(|id| case.segment(id));
    book.add(at("segment"), segment, steps.iter().cloned().chain(of(segment)));
    if propagate_to.is_empty() {
        let rule = Step::rule("static routes lead there instead: nobody learns its routes");
        book.add(at("propagate_to"), "[]", steps.iter().cloned().chain([rule]));
    }
    for learner in propagate_to {
        let path = format!("attachments.{name}.propagate_to.{learner}");
        book.add(path, learner, steps.iter().cloned().chain(of(segment)).chain(of(learner)));
    }
    routes::add_static(book, case, &format!("attachments.{name}.routes"), routes, own);
}

fn add_moved(book: &mut Book, moved: &[Moved]) {
    for Moved { resource, from, to } in moved {
        let (kind, block) = resource.block();
        let rule = Step::rule("what the key names was renamed: the key moves, nothing is made anew");
        let address = |key: &str| format!("module.hub.{kind}.{block}[\"{key}\"]");
        book.add(format!("moved.{kind}/{to}.from"), address(from), [rule.clone()]);
        book.add(format!("moved.{kind}/{to}.to"), address(to), [rule]);
    }
}

fn add_shares(book: &mut Book, case: Case<'_>, share_with: &[AccountUse]) {
    for account in share_with {
        let rule = Step::rule("its VPCs attach to this gateway, so it is shared with it");
        let steps: Vec<Step> = case.account_steps(&account.name).into_iter().chain([rule]).collect();
        let at = |attribute: &str| format!("share_with.{}.{attribute}", account.name);
        book.add(at("name"), &account.name, steps.clone());
        book.add(at("account"), case.account_id(account), steps);
    }
}
