//! The words of the reference, block by block.

use super::meaning::{BlockMeaning, Default, Meaning, Narrow};
use crate::document::grammar::Type;

use Default::{Absent, Derived, Value};
use Narrow::{Any, Between, OneOf, Pattern};

pub(super) const fn meaning(
    name: &'static str,
    default: Default,
    narrow: Narrow,
    text: &'static str,
) -> Meaning {
    Meaning { name, default, narrow, text }
}

const fn block(key: &'static str, text: &'static str, attributes: &'static [Meaning]) -> BlockMeaning {
    BlockMeaning { key, text, attributes, inherited: false }
}

/// Every kind of block.
pub(super) const MEANINGS: &[BlockMeaning] = &[
    block(
        "estate",
        "The top level of the files. All files of the directory are one text.",
        &[
            meaning(
                "names",
                Value("\"{team}-{vpc}\""),
                Any,
                "Name tag of a VPC. Parts: `{team}`, `{vpc}`, `{environment}`, `{region}`, `{range}` (10-0-0-0-16). Other Name tags are this one and a part more.",
            ),
            meaning(
                "tags",
                Value("{}"),
                Any,
                "Tags of everything, beside the derived Team, Environment, Segment, Owner and ManagedBy.",
            ),
        ],
    ),
    block(
        "backend",
        "Where Terraform keeps its states; the label is the backend's type. Attributes are passed through. The state key is not written: each root gets its own.",
        &[],
    ),
    block(
        "account",
        "An AWS account.",
        &[
            meaning(
                "id",
                Derived("a variable of the roots that need it"),
                Pattern("^[0-9]{12}$"),
                "Twelve digits.",
            ),
            meaning("role", Absent, Any, "Name of the role that Terraform assumes there."),
        ],
    ),
    block(
        "logs",
        "Flow logs.",
        &[meaning("bucket", Absent, Any, "Name (or ARN) of the S3 bucket for the flow logs of every VPC.")],
    ),
    block(
        "quotas",
        "AWS quotas that were raised: a name and a number each, for example `acl_rules = 40`.",
        &[],
    ),
    block(
        "accept",
        "A finding that is a choice; the label is its code.",
        &[meaning("on", Derived("wherever it occurs"), Any, "The objects that are meant.")],
    ),
    block(
        "severity",
        "A finding that weighs more or less here than elsewhere; the label is its code. Warnings, notes, and errors of rules over the emitted tree.",
        &[meaning("level", Absent, OneOf(&["note", "warning", "error"]), "Its weight.")],
    ),
    block(
        "pool",
        "A range of addresses. At top level with `range`: a root. Inside another pool with `size`: an inner pool.",
        &[
            meaning("range", Absent, Any, "The addresses of a root. Only at top level, and required there."),
            meaning(
                "size",
                Absent,
                Any,
                "Prefix length of an inner pool. Its place in the parent is chosen once and locked.",
            ),
        ],
    ),
    block(
        "reserved",
        "Addresses of somebody else. Never handed out; a name to write in routes and rules.",
        &[meaning("range", Absent, Any, "The addresses, inside a root or outside of all.")],
    ),
    block(
        "region",
        "A region of a cloud; the label is the cloud's name of it.",
        &[
            meaning(
                "zones",
                Absent,
                Any,
                "Letter to zone id, for example `a = \"apne1-az4\"`. Ids, because names mean other zones in other accounts.",
            ),
            meaning(
                "zones_renamed_from",
                Value("{}"),
                Any,
                "Letter to the letter that the zone had before, for example `b = \"a\"`. Its addresses stay. May be deleted once that was applied.",
            ),
            meaning(
                "cloud",
                Value("\"aws\""),
                OneOf(&["aws", "google"]),
                "`\"google\"` is read and refused as not supported yet.",
            ),
        ],
    ),
    block(
        "hub",
        "A Transit Gateway.",
        &[
            meaning("region", Absent, Any, "Where it stands."),
            meaning(
                "asn",
                Absent,
                Between(64512, 4_294_967_294),
                "Its private AS number: 64512 to 65534, or 4200000000 to 4294967294.",
            ),
            meaning("account", Absent, Any, "AWS account that owns it."),
        ],
    ),
    block(
        "site",
        "A network that is not a VPC of this estate: on premises, another cloud.",
        &[
            meaning(
                "ranges",
                Value("[]"),
                Any,
                "What lies there; no part of a root that is written here is handed out. Empty: the gateway learns it.",
            ),
            meaning("segment", Derived("one of the site's own name"), Any, "Association of its attachment."),
        ],
    ),
    block(
        "link",
        "The site's connection to a hub.",
        &[
            meaning(
                "kind",
                Absent,
                OneOf(&["attachment", "direct-connect", "vpn", "google-ha-vpn", "peering"]),
                "`\"attachment\"`: one that exists. The others are read and refused as not supported yet.",
            ),
            meaning("asn", Absent, Between(1, u32::MAX), "AS number of the other side."),
            meaning("hub", Derived("the only hub"), Any, "The gateway."),
            meaning(
                "id",
                Derived("a variable of the hub's root"),
                Pattern("^tgw-attach-[0-9a-f]+$"),
                "Id of the existing attachment.",
            ),
        ],
    ),
    block(
        "segment",
        "A route table of the gateway.",
        &[
            meaning(
                "reaches",
                Value("[]"),
                Any,
                "Segments and sites whose routes it gets, and that get its own. A segment whose members may talk to each other lists itself.",
            ),
            meaning("default", Absent, Any, "VPC (`team.T.V`) or site that gets 0.0.0.0/0."),
            meaning(
                "drops",
                Derived("derived"),
                Any,
                "Segments whose blocks are blackholes here. `[]`: none.",
            ),
        ],
    ),
    block(
        "route",
        "A static route of a segment, more specific than its `default`.",
        &[
            meaning("to", Absent, Any, "Destinations."),
            meaning("via", Absent, Any, "VPC or site that is the next hop."),
        ],
    ),
    block(
        "layout",
        "A way to cut a VPC's block into tiers.",
        &[
            meaning(
                "zones",
                Absent,
                Any,
                "Letters of the zones in which subnets stand, in the order in which they are first placed.",
            ),
            meaning(
                "slots",
                Value("4"),
                Between(1, 16),
                "Zones that each tier keeps room for; not fewer than `zones` has.",
            ),
            meaning(
                "nat",
                Value("\"zone\""),
                OneOf(&["zone", "one"]),
                "One NAT gateway in each zone, or a single one in the first.",
            ),
        ],
    ),
    block(
        "tier",
        "One subnet in each zone, with one route table and one ACL. Either `newbits` or `size`.",
        &[
            meaning(
                "newbits",
                Absent,
                Between(0, 20),
                "One zone's share: this many bits more than the block's prefix length.",
            ),
            meaning(
                "size",
                Absent,
                Any,
                "One zone's share as a prefix length. Used whole: `headroom` does not apply.",
            ),
            meaning(
                "internet",
                Value("\"none\""),
                OneOf(&["none", "in", "out"]),
                "`\"in\"`: through the internet gateway. `\"out\"`: through NAT or the segment's `default`.",
            ),
            meaning(
                "attach",
                Value("false"),
                Any,
                "Carries the attachment to the gateway. At most one tier; cut only where the VPC has a hub; takes no workloads.",
            ),
            meaning(
                "accepts",
                Derived("all tiers of the VPC"),
                Any,
                "Tiers of the same VPC that may open connections to it. Writing it guards the tier.",
            ),
        ],
    ),
    block("allow", "In a layout or tier: a rule of the ACL standard. The tier is the other end.", RULE),
    block("deny", "In a layout or tier: refuses connections from or to somebody.", RULE),
    block(
        "intent",
        "`allow` at top level: these may open connections to those on these ports.",
        &[
            meaning("from", Absent, Any, "Who opens the connection."),
            meaning("to", Absent, Any, "Who accepts it."),
            meaning(
                "ports",
                Absent,
                Any,
                "Ports of the accepting side: `\"tcp/443\"`, `\"udp/1024-2048\"`, `\"icmp\"`, `\"all\"`.",
            ),
        ],
    ),
    BlockMeaning {
        inherited: true,
        ..block(
            "environment",
            "What the VPCs of one purpose have in common.",
            &[meaning(
                "optional",
                Value("false"),
                Any,
                "`true`: only teams that ask for it have a VPC here.",
            )],
        )
    },
    BlockMeaning {
        inherited: true,
        ..block(
            "team",
            "Who has VPCs.",
            &[
                meaning(
                    "environments",
                    Derived("all that are not optional"),
                    Any,
                    "Environments in which the team has the standard VPC.",
                ),
                meaning("owner", Absent, Any, "Whom to ask."),
            ],
        )
    },
    BlockMeaning {
        inherited: true,
        ..block(
            "vpc",
            "A VPC of the team. Labelled as an environment: that environment's VPC, with what is different here. Any other label: a further VPC.",
            &[
                meaning(
                    "environment",
                    Derived("the one of the label's name, else the only one"),
                    Any,
                    "The environment of a further VPC.",
                ),
                meaning("range", Absent, Any, "Pins the block to these addresses."),
                meaning(
                    "moves_from",
                    Absent,
                    Any,
                    "The block that the VPC has today, while it moves to what else stands here, stage by stage (`tanada move`). Delete it when it has arrived.",
                ),
                meaning("name", Derived("`names`"), Any, "Name tag, where history has another one."),
                meaning(
                    "inspects",
                    Value("false"),
                    Any,
                    "A firewall inside: appliance mode, and no blackholes for what goes through it.",
                ),
            ],
        )
    },
    block(
        "block",
        "A further CIDR block of a VPC, with a layout of its own.",
        &[
            meaning("range", Absent, Any, "Pins it. Either this, or `pool` and `size`."),
            meaning("pool", Derived("the VPC's"), Any, "Where it comes from."),
            meaning("size", Absent, Any, "Its prefix length."),
            meaning("headroom", Derived("the VPC's, 0 when pinned"), Between(0, 8), "As of a VPC."),
            meaning(
                "layout",
                Derived("the VPC's"),
                Any,
                "How it is cut; its tiers' names are new in the VPC.",
            ),
        ],
    ),
];

const RULE: &[Meaning] = &[
    meaning("from", Absent, Any, "Who opens connections to the tier."),
    meaning("to", Absent, Any, "To whom the tier opens connections."),
    meaning("ports", Derived("all protocols"), Any, "Ports of the accepting side."),
];

/// A type in words.
pub(super) fn type_words(ty: Type) -> String {
    let words = |words: &[&str]| -> String {
        let forms: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        forms.join(", ")
    };
    match ty {
        Type::Text | Type::Prose => "text".to_owned(),
        Type::Flag => "flag".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Size => "size".to_owned(),
        Type::Cidr => "cidr".to_owned(),
        Type::Texts => "map of texts".to_owned(),
        Type::TextList => "list of texts".to_owned(),
        Type::Ports => "list of ports".to_owned(),
        Type::Reference(roots) => words(roots),
        Type::References(roots) => format!("list of {}", words(roots)),
        Type::Addresses(roots) => format!("list of cidr, {}", words(roots)),
        Type::Objects => "list of references".to_owned(),
        Type::Any => "any literal".to_owned(),
    }
}
