use crate::diagnostic::codes;

codes! {
    UNKNOWN_REFERENCE = "unknown-reference": "The input says nothing of the name that is referred to.";
    MALFORMED_REFERENCE = "malformed-reference": "The reference has too few or too many names, or one that cannot stand here.";
    AMBIGUOUS_PEER = "ambiguous-peer": "`team.T.X` would mean both the VPC X and the tier X of the team.";
    MISSING_CHOICE = "missing-choice": "A value has a default only while there is one candidate, or is inherited from nobody.";
    CONFLICTING_ATTRIBUTES = "conflicting-attributes": "Two attributes of one block exclude each other.";
    WRONG_VALUE = "wrong-value": "The text is not one that the attribute takes.";
    OVERLAPPING_RANGES = "overlapping-ranges": "Two roots have addresses in common, so one address would have two owners.";
    POOL_TOO_SMALL = "pool-too-small": "What is to be cut from a pool is larger than the pool.";
    ZONE_NAME = "zone-name": "Availability Zone names mean another zone in another account; ids mean the same zone everywhere.";
    UNKNOWN_ZONE = "unknown-zone": "A layout puts subnets into a zone that the VPC's region does not have.";
    NOT_SUPPORTED_YET = "not-supported-yet": "The language has it, and this version cannot emit it. Nothing that is written is ignored, so it is refused.";
    HUB_AND_SEGMENT = "hub-and-segment": "A VPC is attached by a hub and a segment together: the gateway and its route table.";
    HUB_ELSEWHERE = "hub-elsewhere": "A VPC can be attached to a gateway of its own region only.";
    ATTACH_TIER = "attach-tier": "The attachment of a VPC stands in exactly one tier of its layout.";
    NOT_ATTACHED = "not-attached": "A route leads to an attachment. A VPC without one, and a site without a link, cannot be its next hop.";
    BLOCK_SIZE = "block-size": "AWS takes CIDR blocks of a VPC from /16 to /28.";
    SUBNET_SIZE = "subnet-size": "AWS makes subnets of /16 to /28, and a subnet is no larger than the block of its VPC.";
    NAMES_MEET = "names-meet": "Two things would share a file name, a module address or a Name tag.";
    INVALID_RENAME = "invalid-rename": "`renamed_from` names what the thing was called before; exactly one thing can have been called that.";
    INVALID_TEXT = "invalid-text": "The text cannot stand where it would be emitted (a Name tag, an account's id, a bucket's name).";
    RESERVED_TAG = "reserved-tag": "The tag is derived; a second value for it would make the tree contradict itself.";
    BACKEND_KEY = "backend-key": "Every root gets a state key of its own from its birth name. One key for all would make the roots overwrite each other's state.";
    SECRET = "secret": "Secrets have no place in a repository; the backend takes them from the environment.";
    UNKNOWN_QUOTA = "unknown-quota": "There is no quota of this name.";
    UNKNOWN_CODE = "unknown-code": "`accept` or `severity` names a finding that nothing raises.";
    NOT_A_CHOICE = "not-a-choice": "`accept` names a finding that is no choice: without its answer nothing can be written, or it is agreed to on the command line. Nothing that is written is ignored, so it is an error.";
    WEIGHT_FIXED = "weight-fixed": "`severity` names a finding whose weight is the same everywhere, because nothing can be written while it stands. Nothing that is written is ignored, so it is an error.";
    OWN_PEER = "own-peer": "`vpc` and `tier.R` mean the own VPC, so they stand in layouts and tiers only.";
    NOBODY_MEETS = "nobody-meets": "An intent (or one of its peers) matches no pair of VPCs, so it would open nothing.";
    NO_WAY = "no-way": "The segments of two peers exchange no routes, so what the intent opens could never be used.";
    NO_INTERNET = "no-internet": "A rule names the internet for a tier that has no way to or from it.";
}
