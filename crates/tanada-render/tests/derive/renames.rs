//! Keys of everything that can have another name, all renamed at once.

use tanada_model::lock::Lock;
use tanada_render::derive::derive;
use tanada_render::plan::Moved;

use crate::estate::{allocated, text};

#[test]
fn one_move_for_each_instance_whatever_was_renamed() {
    let (_, _, lock) = allocated(&text(ESTATE), &Lock::default());
    let edits = [
        (r#"{ a = "euw1-az1" }"#, "{ b = \"euw1-az1\" }\n  zones_renamed_from = { b = \"a\" }"),
        (r#"["a"]"#, r#"["b"]"#),
        ("tier \"app\" {", "tier \"code\" {\n    renamed_from = \"app\""),
        ("pool \"all\" {", "pool \"every\" {\n  renamed_from = \"all\""),
        ("pool.all", "pool.every"),
        ("site \"dc\" {", "site \"hall\" {\n  renamed_from = \"dc\""),
        ("site.dc", "site.hall"),
        ("link \"dx\" {", "link \"line\" {\n    renamed_from = \"dx\""),
        ("reserved \"lab\" {", "reserved \"study\" {\n  renamed_from = \"lab\""),
        ("reserved.lab", "reserved.study"),
        ("segment \"main\" {", "segment \"whole\" {\n  renamed_from = \"main\""),
        ("segment.main", "segment.whole"),
        ("segment \"quiet\" {", "segment \"hushed\" {\n  renamed_from = \"quiet\""),
        ("segment.quiet", "segment.hushed"),
        ("team \"lost\" {", "team \"gone\" {\n  renamed_from = \"lost\""),
        ("route \"old\" {", "route \"new\" {\n    renamed_from = \"old\""),
        ("account \"work\" {", "account \"team\" {\n  renamed_from = \"work\""),
        ("account.work", "account.team"),
        ("team \"a\" {}", "team \"b\" { renamed_from = \"a\" }"),
        ("team.a.", "team.b."),
    ];
    let after = edits.iter().fold(ESTATE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    let (design, allocation, _) = allocated(&text(&after), &lock);
    let (plan, found) = derive(&design, &allocation);
    let plan = plan.unwrap_or_else(|| panic!("{found:#?}"));
    let of = |id: &str| &plan.vpcs.iter().find(|vpc| vpc.id == id).unwrap().moved;
    assert_eq!(lines(of("b-live")), EGRESS.trim_ascii_end());
    assert_eq!(lines(of("quiet-live")), MEMBER.trim_ascii_end());
    assert_eq!(lines(&plan.hubs[0].moved), HUB.trim_ascii_end());
}

#[test]
fn a_name_that_somebody_has_today_is_nobodys_old_one() {
    let (_, _, lock) = allocated(&text(ESTATE), &Lock::default());
    let first = ESTATE.replace("tier \"app\" {", "tier \"code\" {\n    renamed_from = \"app\"");
    let (_, _, lock) = allocated(&text(&first), &lock);
    // The old name is taken by a new tier while the input still says where the other one's came from: a chain.
    let second = first.replace(
        "  tier \"gate\" {",
        "  tier \"app\" {\n    newbits      = 5\n    renamed_from = \"odd\"\n  }\n  tier \"gate\" {",
    );
    let (design, allocation, _) = allocated(&text(&second), &lock);
    let plan = derive(&design, &allocation).0.unwrap();
    let moved = lines(&plan.vpcs[0].moved);
    assert!(moved.contains("Subnet odd-a app-a") && !moved.contains("code"), "{moved}");
}

fn lines(moved: &[Moved]) -> String {
    let line = |Moved { resource, from, to }: &Moved| format!("{resource:?} {from} {to}");
    moved.iter().map(line).collect::<Vec<_>>().join("\n")
}

const EGRESS: &str = "\
Subnet app-a code-b
Subnet gate-a gate-b
Subnet public-a public-b
RouteTable app-a code-b
RouteTable gate-a gate-b
RouteTable public-a public-b
RouteTableAssociation app-a code-b
RouteTableAssociation gate-a gate-b
RouteTableAssociation public-a public-b
Route app-a/internet code-b/internet
Route app-a/pool.all code-b/pool.every
Route app-a/site.dc.192-0-2-0-24 code-b/site.hall.192-0-2-0-24
Route gate-a/internet gate-b/internet
Route public-a/internet public-b/internet
Route public-a/pool.all public-b/pool.every
Route public-a/site.dc.192-0-2-0-24 public-b/site.hall.192-0-2-0-24
NetworkAcl app code
Eip a b
NatGateway a b
Propagation dc hall
Propagation main whole
TransitRoute quiet/internet hushed/internet
";

const MEMBER: &str = "\
Subnet app-a code-b
Subnet gate-a gate-b
Subnet public-a public-b
RouteTable app-a code-b
RouteTable gate-a gate-b
RouteTable public-a public-b
RouteTableAssociation app-a code-b
RouteTableAssociation gate-a gate-b
RouteTableAssociation public-a public-b
Route app-a/internet code-b/internet
Route public-a/internet public-b/internet
NetworkAcl app code
Propagation dc hall
Propagation main whole
";

const HUB: &str = "\
Propagation main/far-dx2 whole/far-dx2
Segment dc hall
Segment quiet hushed
Segment main whole
Association dc-dx hall-line
StaticRoute quiet/old.reserved.lab hushed/new.reserved.study
StaticRoute quiet/site.dc.192-0-2-0-24 hushed/site.hall.192-0-2-0-24
StaticRoute main/site.dc.192-0-2-0-24 whole/site.hall.192-0-2-0-24
Blackhole quiet/lost-live hushed/gone-live
Principal work team
";

const ESTATE: &str = r#"
pool "all" {
  range = "10.0.0.0/12"
}
region "eu-west-1" {
  zones = { a = "euw1-az1" }
}
account "net" {
  id = "111111111111"
}
account "work" {
  id = "222222222222"
}
reserved "lab" {
  range = "198.18.0.0/24"
}
hub "one" {
  region  = region.eu-west-1
  asn     = 64512
  account = account.net
}
site "dc" {
  ranges = ["192.0.2.0/24"]
  link "dx" {
    kind = "attachment"
  }
}
site "far" {
  link "dx2" {
    kind = "attachment"
  }
}
segment "main" {
  reaches = [segment.main, site.dc, site.far]
}
segment "lost" {}
segment "quiet" {
  default = team.a.live
  reaches = [site.dc]
  route "old" {
    to  = [reserved.lab]
    via = site.dc
  }
}
layout "one" {
  zones = ["a"]
  tier "app" {
    newbits  = 4
    internet = "out"
  }
  tier "public" {
    newbits  = 4
    internet = "in"
  }
  tier "gate" {
    size   = 28
    attach = true
  }
}
environment "live" {
  pool    = pool.all
  layout  = layout.one
  segment = segment.main
  account = account.work
  size    = 20
}
team "a" {}
team "other" {}
team "lost" {
  vpc "live" {
    segment = segment.lost
  }
}
team "quiet" {
  vpc "live" {
    segment = segment.quiet
  }
}
"#;
