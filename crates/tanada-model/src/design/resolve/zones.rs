//! How ids of Availability Zones begin, by region.

use super::codes::UNKNOWN_ZONE;
use super::names::Context;
use super::places::is_zone_id;
use crate::diagnostic::{Diagnostic, Span, Spanned};

/// Regions of AWS and the first part of the ids of their zones: AWS global infrastructure, Availability Zones and the AWS
/// command line's list of regions, as of 2026-11. A region that is not here is not judged.
const REGIONS: [(&str, &str); 37] = [
    ("af-south-1", "afs1"),
    ("ap-east-1", "ape1"),
    ("ap-east-2", "ape2"),
    ("ap-northeast-1", "apne1"),
    ("ap-northeast-2", "apne2"),
    ("ap-northeast-3", "apne3"),
    ("ap-south-1", "aps1"),
    ("ap-south-2", "aps2"),
    ("ap-southeast-1", "apse1"),
    ("ap-southeast-2", "apse2"),
    ("ap-southeast-3", "apse3"),
    ("ap-southeast-4", "apse4"),
    ("ap-southeast-5", "apse5"),
    ("ap-southeast-7", "apse7"),
    ("ca-central-1", "cac1"),
    ("ca-west-1", "caw1"),
    ("cn-north-1", "cnn1"),
    ("cn-northwest-1", "cnnw1"),
    ("eu-central-1", "euc1"),
    ("eu-central-2", "euc2"),
    ("eu-north-1", "eun1"),
    ("eu-south-1", "eus1"),
    ("eu-south-2", "eus2"),
    ("eu-west-1", "euw1"),
    ("eu-west-2", "euw2"),
    ("eu-west-3", "euw3"),
    ("il-central-1", "ilc1"),
    ("me-central-1", "mec1"),
    ("me-south-1", "mes1"),
    ("mx-central-1", "mxc1"),
    ("sa-east-1", "sae1"),
    ("us-east-1", "use1"),
    ("us-east-2", "use2"),
    ("us-gov-east-1", "usge1"),
    ("us-gov-west-1", "usgw1"),
    ("us-west-1", "usw1"),
    ("us-west-2", "usw2"),
];

impl Context<'_, '_> {
    /// A zone of another region: AWS says so at apply only.
    pub(super) fn zone_of(&mut self, region: &Spanned<String>, id: &str, span: Span) {
        let Some(prefix) = prefix(&region.value).filter(|_| is_zone_id(id)) else { return };
        if id.split('-').next() != Some(prefix) {
            let message = format!("`{id}` is no zone of `{}`", region.value);
            self.push(
                Diagnostic::new(UNKNOWN_ZONE, message)
                    .at(span, "")
                    .at(region.span, "the region")
                    .help(format!("ids of its zones begin with `{prefix}-`")),
            );
        }
    }
}

/// What the ids of a region's zones begin with, before the first `-`.
fn prefix(region: &str) -> Option<&'static str> {
    let at = REGIONS.binary_search_by(|(name, _)| (*name).cmp(region)).ok()?;
    REGIONS.get(at).map(|(_, prefix)| *prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_is_found_and_shortened_in_one_way() {
        let short = |word: &str| -> String {
            match word {
                "gov" => "g".to_owned(),
                "central" => "c".to_owned(),
                _ => ["north", "south", "east", "west"]
                    .iter()
                    .scan(word, |rest, direction| {
                        Some(rest.strip_prefix(direction).map(|left| {
                            *rest = left;
                            &direction[..1]
                        }))
                    })
                    .flatten()
                    .collect(),
            }
        };
        assert!(REGIONS.is_sorted());
        for (region, prefix) in REGIONS {
            let (start, rest) = region.split_at(2);
            let (words, number) = rest.rsplit_once('-').unwrap_or_default();
            let middle: String = words.split('-').map(short).collect();
            assert_eq!(super::prefix(region), Some(prefix));
            assert_eq!(format!("{start}{middle}{number}"), prefix);
        }
        assert_eq!(super::prefix("tokyo"), None);
    }
}
