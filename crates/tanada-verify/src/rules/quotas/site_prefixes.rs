use tanada_model::net::BlockSet;
use tanada_model::quotas::{PREFIXES_FROM_SITE, PREFIXES_TO_SITE, Quota};

use crate::network::{Attachment, AttachmentKind, Network};
use crate::rules::{Facts, Said, rule};

rule!(
    "site-prefixes",
    Warning,
    "Over Direct Connect a gateway announces 200 prefixes to a site, and a site 100 to the gateway: one more takes the BGP \
     session down, and with it every way to the site. Counted are the fewest prefixes that say what the routes say. \
     Whether a site's attachment is Direct Connect stands outside the tree; over a VPN there may be more.",
    "AWS Direct Connect user guide, quotas, https://docs.aws.amazon.com/directconnect/latest/UserGuide/limits.html, read 2026-11-22"
);

fn check(facts: &Facts<'_>, said: &mut Vec<Said>) {
    for attachment in &facts.network.attachments {
        let AttachmentKind::Site { ranges } = &attachment.kind else { continue };
        let from: BlockSet = ranges.iter().copied().collect();
        tell(facts, attachment, &PREFIXES_FROM_SITE, from.blocks().len(), said);
        tell(facts, attachment, &PREFIXES_TO_SITE, led_to(facts.network, attachment).blocks().len(), said);
    }
}

/// What packets from an attachment find a way to: everything that may be announced to it. A default route is announced as
/// one.
fn led_to(network: &Network, attachment: &Attachment) -> BlockSet {
    let table = attachment.table.as_ref().and_then(|(table, _)| network.transit_tables.get(*table));
    let Some(table) = table else { return BlockSet::new() };
    let routes = table.routes.iter().filter(|route| route.attachment.is_some()).map(|route| route.to);
    let learnt = table.propagations.iter().flat_map(|(attachment, _)| network.blocks_of(*attachment));
    routes.chain(learnt).collect()
}

fn tell(facts: &Facts<'_>, attachment: &Attachment, quota: &Quota, number: usize, said: &mut Vec<Said>) {
    let allowed = facts.quotas.of(quota);
    if number > allowed as usize {
        let message =
            format!("`{}` has {number} {}; Direct Connect takes {allowed}", attachment.name, quota.things);
        said.push(
            Said::new(&attachment.place, message)
                .help("give neighbours one range, so that fewer prefixes say the same"),
        );
    }
}
