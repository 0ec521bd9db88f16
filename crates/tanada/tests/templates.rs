//! Templates of people: what they add, what they replace, what is refused, and in which words.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod support;

use std::fs;
use std::path::Path;

use support::{Home, SHOP, Said};
use tanada_render::templates::is_added;
use tanada_verify::ROOT_FILES;

/// The small estate with these templates.
fn home(templates: &[(&str, &str)]) -> Home {
    let home = Home::new(SHOP);
    for (path, text) in templates {
        add(&home, path, text);
    }
    home
}

fn add(home: &Home, path: &str, text: &str) {
    let path = home.path(&format!("templates/{path}"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn text(home: &Home, path: &str) -> String {
    fs::read_to_string(home.path(&format!("generated/{path}"))).unwrap_or_default()
}

fn generated(templates: &[(&str, &str)]) -> Home {
    let home = home(templates);
    let said = home.run(&["generate"]);
    assert_eq!(said.status, Some(0), "{}", said.err);
    home
}

/// What a run on these templates refuses; nothing is written then.
fn refused(templates: &[(&str, &str)]) -> Said {
    let home = home(templates);
    let said = home.run(&["generate"]);
    assert_eq!(said.status, Some(2), "{}", said.err);
    assert!(!home.path("generated").exists() && !home.path("network.lock.hcl").exists());
    let checked = home.run(&["check"]);
    assert_eq!(checked.status, Some(1), "{}", checked.out);
    said
}

#[test]
fn every_kind_makes_its_files() {
    let home = generated(&[
        ("vpc/notes/who.md.tera", "{{ vpc.name }}: {{ vpc.owner }}\n"),
        ("hub/asn.json.tera", "{ \"asn\": {{ hub.asn }} }\n"),
        ("team/CONTACT.md.tera", "{{ team.name }}, {{ team.vpcs | length }} VPC\n"),
        (
            "estate/owners.txt.tera",
            "{% for vpc in estate.vpcs %}/{{ vpc.directory }}/ {{ vpc.owner }}\n{% endfor %}",
        ),
    ]);
    assert_eq!(text(&home, "teams/web/production/notes/who.md"), "web-production: @m3/web\n");
    assert_eq!(text(&home, "hub/tokyo/asn.json"), "{ \"asn\": 64512 }\n");
    assert_eq!(text(&home, "teams/payments/CONTACT.md"), "payments, 1 VPC\n");
    assert_eq!(text(&home, "owners.txt"), "/teams/payments/production/ \n/teams/web/production/ @m3/web\n");
}

#[test]
fn what_comes_out_is_formatted_escaped_and_left_out_when_empty() {
    let evil = "team \"evil\" {\n  vpc \"production\" {\n    why = \"a\\\"b $${x} %%{y}\"\n  }\n}\n";
    let home = home(&[(
        "vpc/a.tf.tera",
        "{% if vpc.team != \"web\" %}locals {\nwhy=\"{{ vpc.why }}\"\n  id = {{ vpc.vpc_id }}\n\n\n}\n\n\n{% endif %}\n",
    )]);
    home.put("network/evil.hcl", evil);
    let said = home.run(&["generate"]);
    assert_eq!(said.status, Some(0), "{}", said.err);
    assert!(!home.path("generated/teams/web/production/a.tf").exists());
    let made = text(&home, "teams/evil/production/a.tf");
    assert_eq!(made, "locals {\n  why = \"a\\\"b $${x} %%{y}\"\n  id  = module.vpc.vpc_id\n\n\n}\n");
}

#[test]
fn a_file_of_tanada_is_replaced_only_by_name() {
    let home = generated(&[("vpc/README.md.replace.tera", "# {{ vpc.id }}\n")]);
    assert_eq!(text(&home, "teams/web/production/README.md"), "# web-production\n");
    for (path, words) in [
        ("vpc/README.md.tera", "makes a file that tanada writes itself"),
        ("vpc/readme.MD.tera", "makes a file that tanada writes itself"),
        ("vpc/main.tf.tera", "makes a file that holds the estate's values"),
        ("vpc/main.tf.replace.tera", "makes a file that holds the estate's values"),
        ("vpc/x.tf.replace.tera", "takes the place of no file of tanada"),
        ("vpc/terraform.tfstate.tera", "belongs to Terraform"),
        ("team/production/x.md.tera", "makes a folder among those of the team's VPCs"),
        ("estate/modules/vpc/x.tf.tera", "makes a file that holds the estate's values"),
        ("vpc/x.tf", "does not end in `.tera`"),
        ("x.tf.tera", "lies in no folder that says what it is for"),
        ("vpcs/x.tf.tera", "lies in a folder that means nothing"),
    ] {
        let said = refused(&[(path, "x\n")]);
        assert!(
            said.err.contains("error[template-path]") && said.err.contains(words),
            "{path}: {}",
            said.err
        );
        assert!(said.err.contains(&format!("templates/{path}:1:1")), "{path}: {}", said.err);
    }
    let said = refused(&[("vpc/a.tf.tera", ""), ("vpc/A.tf.tera", "")]);
    assert!(said.err.contains("make the same file"), "{}", said.err);
}

#[test]
fn errors_name_the_line_of_the_template() {
    for (templates, code, place, words) in [
        (vec![("vpc/a.tf.tera", "\n{% if %}\n")], "template-error", "vpc/a.tf.tera:2:1", "expected"),
        (vec![("vpc/a.tf.tera", "\n\n{{ vpc.nmae }}\n")], "template-error", "vpc/a.tf.tera:3:1", "nmae"),
        (
            vec![(
                "vpc/a.tf.tera",
                "{# c #}\nlocals {\n{% for s in vpc.subnets %}\n  x = [\n{% endfor %}\n}\n",
            )],
            "template-output",
            "vpc/a.tf.tera:4:3",
            "is not HCL",
        ),
        (
            vec![("vpc/a.tf.tera", "{% include \"_b.tera\" %}\n"), ("_b.tera", "locals {\n  x = = 1\n}\n")],
            "template-output",
            "_b.tera:2:3",
            "it yields the line `x = = 1` there",
        ),
        (
            vec![("hub/a.json.tera", "{\n  \"a\": \n}\n")],
            "template-output",
            "hub/a.json.tera:3:1",
            "is not JSON",
        ),
        (
            vec![(
                "vpc/a.md.tera",
                "{% for a in range(end=1000) %}{% for b in range(end=1000) %}long text{% endfor %}{% endfor %}",
            )],
            "template-output",
            "",
            "more than 1 MiB",
        ),
        (
            vec![("vpc/a.tf.tera", "locals {\n  a = 1\n  range = \"{{ vpc.blocks[0].cidr }}\"\n}\n")],
            "template-address",
            "vpc/a.tf.tera:3:3",
            "module.web_production.blocks[0]",
        ),
        (vec![("vpc/a.tf.tera", "{% include \"b\" %}\n")], "template-error", "", "`b`"),
    ] {
        let said = refused(&templates);
        assert!(said.err.contains(&format!("error[{code}]")), "{}", said.err);
        assert!(said.err.contains(place), "{place}: {}", said.err);
        assert!(said.err.contains(words), "{words}: {}", said.err);
    }
}

#[test]
fn a_module_that_a_template_refers_to_is_called() {
    let home = generated(&[(
        "vpc/a.tf.tera",
        "locals {\n  dc = {{ estate.reserved.dc[0] }}\n  zone = {{ region.zones.a.ref }}\n}\n",
    )]);
    let made = text(&home, "teams/web/production/a.tf");
    assert_eq!(
        made,
        "locals {\n  dc   = module.estate.reserved.dc\n  zone = module.region_ap_northeast_1.zones.a\n}\n"
    );
    let calls = text(&home, "teams/web/production/addresses.tf")
        + &text(&home, "teams/web/production/addresses_templates.tf");
    for module in ["estate", "region_ap_northeast_1"] {
        assert_eq!(calls.matches(&format!("module \"{module}\" {{")).count(), 1, "{calls}");
    }
}

#[test]
fn what_templates_make_is_guarded_like_everything_else() {
    let home = generated(&[("vpc/a.tf.tera", "locals { a = 1 }\n")]);
    assert_eq!(home.run(&["generate", "--check"]).status, Some(0));
    let manifest = text(&home, ".tanada");
    assert!(manifest.contains("teams/web/production/a.tf "), "{manifest}");

    home.put("generated/teams/web/production/a.tf", "locals { a = 2 }\n");
    assert_eq!(home.run(&["generate", "--check"]).status, Some(1));
    let said = home.run(&["generate"]);
    assert!(said.status == Some(1) && said.err.contains("web/production/a.tf"), "{}", said.err);
    assert_eq!(home.run(&["generate", "--overwrite", "all"]).status, Some(0));

    let said = home.run(&["explain", "generated/teams/web/production/a.tf:1"]);
    assert_eq!(
        said.out,
        "generated/teams/web/production/a.tf:1 is made by the template templates/vpc/a.tf.tera\n"
    );

    let said = home.run(&["eject", "web"]);
    assert_eq!(said.status, Some(0), "{}", said.err);
    assert_eq!(
        fs::read_to_string(home.path("ejected/web/teams/web/production/a.tf")).unwrap(),
        "locals { a = 1 }\n"
    );

    fs::remove_dir_all(home.path("templates")).unwrap();
    assert_eq!(home.run(&["generate"]).status, Some(0));
    assert!(!home.path("generated/teams/web/production/a.tf").exists());
}

#[test]
fn what_templates_made_stays_with_a_network_that_stays() {
    let home = generated(&[(
        "vpc/a.tf.tera",
        "resource \"aws_x\" \"y\" {}\n\nmodule \"z\" {\n  source = \"./z\"\n}\n",
    )]);
    home.put("generated/teams/web/production/mine.tf", "resource \"aws_mine\" \"m\" {}\n");
    let teams =
        SHOP[1].1.replace("team \"web\" { owner = \"@m3/web\" }\n", "").replace("team.web", "team.payments");
    home.put("network/teams.hcl", teams);
    let said = home.run(&["generate", "--forget", "web-production"]);
    assert_eq!(said.status, Some(0), "{}", said.err);
    let removed = text(&home, "teams/web/production/removed.tf");
    for address in ["from = aws_x.y\n", "from = module.z\n", "destroy = false"] {
        assert!(removed.contains(address), "{removed}");
    }
    assert!(!removed.contains("aws_mine"), "a person's own file stays, and so does what it makes");
    assert!(!home.path("generated/teams/web/production/a.tf").exists());
    assert_eq!(home.run(&["generate"]).status, Some(0));
    assert_eq!(text(&home, "teams/web/production/removed.tf"), removed);
}

#[test]
fn output_and_templates_lie_apart() {
    let home = home(&[("vpc/a.tf.tera", "")]);
    let said = home.run(&["generate", "--out", "templates/out"]);
    assert!(said.status == Some(2) && said.err.contains("must lie apart"), "{}", said.err);
}

#[test]
fn the_examples_are_formatted_as_they_come_out() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/templates/vpc");
    let home = Home::new(SHOP);
    for entry in fs::read_dir(examples).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        add(&home, &format!("vpc/{name}"), &fs::read_to_string(&path).unwrap());
    }
    assert_eq!(home.run(&["generate"]).status, Some(0));
    for name in ["endpoints.tf", "resolver.tf"] {
        let made = text(&home, &format!("teams/web/production/{name}"));
        assert!(made.contains("resource \""), "{name}: {made}");
        assert_eq!(tanada_model::format::format(&made).as_deref(), Ok(made.as_str()), "{name}");
    }
}

const FOREIGN: &str = r#"terraform {
  required_providers {
    random = { source = "hashicorp/random" }
  }
}

resource "random_id" "own" {
  byte_length = 4
}

resource "aws_ssm_parameter" "own" {
  name  = "/vpc/${random_id.own.hex}"
  type  = "String"
  value = jsonencode({ id = {{ vpc.vpc_id }}, more = module.more.id })

  lifecycle {
    ignore_changes = [value]
  }
}

module "more" {
  source  = "example/more/aws"
  version = "1.0.0"
}
"#;

#[test]
fn what_nobody_understands_is_named_and_stops_nothing() {
    let home = generated(&[("vpc/own.tf.tera", FOREIGN)]);
    let said = home.run(&["verify"]);
    assert_eq!(said.status, Some(0), "{}{}", said.out, said.err);
    for named in ["`resource \"random_id\" \"own\"`", "`module \"more\"`"] {
        assert_eq!(said.out.matches(&format!("note[not-understood]: {named}")).count(), 1, "{}", said.out);
    }
    assert!(said.err.contains("4 blocks not understood"), "{}", said.err);

    // The guard reads both trees, and a comparison says what it cannot say.
    let before = home.path("before");
    for (path, bytes) in home.snapshot() {
        let path = before.join(path.strip_prefix(home.path("")).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    add(&home, "vpc/own.tf.tera", &FOREIGN.replace("= 4", "= 8").replace("/vpc/", "/network/"));
    assert_eq!(home.run(&["generate"]).status, Some(0));
    let said = home.run(&["diff", "before/"]);
    assert!(said.out.contains("! not understood: `resource \"random_id\" \"own\"` changes"), "{}", said.out);
    assert!(!said.out.contains("`module \"more\"` changes"), "{}", said.out);
    assert!(said.out.contains("aws_ssm_parameter.own forced by name"), "{}", said.out);
    assert!(said.out.contains("templates/vpc/own.tf.tera:8"), "{}", said.out);
}

#[test]
fn what_nobody_understands_is_an_error_where_it_may_decide() {
    let route = "resource \"aws_route\" \"own\" {\n  count = 3\n}\n";
    let home = generated(&[("vpc/own.tf.tera", route)]);
    let said = home.run(&["verify"]);
    assert_eq!(said.status, Some(1), "{}{}", said.out, said.err);
    let words = "`resource \"aws_route\" \"own\"` is not understood, and may decide who reaches whom: a `count` is 0 or 1";
    assert!(said.out.contains(words), "{}", said.out);

    // In a file of every root nothing is left out.
    let main = home.path("generated/teams/web/production/main.tf");
    let text = fs::read_to_string(&main).unwrap();
    fs::write(&main, format!("{text}\nresource \"random_id\" \"own\" {{}}\n")).unwrap();
    let said = home.run(&["verify"]);
    assert_eq!(said.status, Some(2), "{}{}", said.out, said.err);
    assert!(said.err.contains("the provider `random` is not known"), "{}", said.err);
}

#[test]
fn what_decides_and_nobody_follows_is_an_error_everywhere() {
    let home = generated(&[("vpc/own.tf.tera", "# Nothing yet.\n")]);
    let before = home.path("before");
    for (path, bytes) in home.snapshot() {
        let path = before.join(path.strip_prefix(home.path("")).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let peering = "resource \"aws_vpc_peering_connection\" \"own\" {\n  vpc_id = {{ vpc.vpc_id }}\n  peer_vpc_id = \"vpc-1\"\n}\n";
    add(&home, "vpc/own.tf.tera", peering);
    let words = "`aws_vpc_peering_connection.own` may decide who reaches whom; that is not followed";
    // Before it is written, and after.
    let said = home.run(&["check"]);
    assert_eq!(said.status, Some(1), "{}{}", said.out, said.err);
    assert!(said.out.contains(&format!("error[tree-unfollowed]: {words}")), "{}", said.out);
    assert!(said.out.contains("generated/teams/web/production/own.tf:1:1"), "{}", said.out);
    assert_eq!(home.run(&["generate"]).status, Some(0));
    for (arguments, status) in [
        (&["verify"][..], 1),
        (&["check", "--tree", "generated"], 1),
        (&["matrix"], 2),
        (&["reach", "web", "web"], 2),
    ] {
        let said = home.run(arguments);
        assert_eq!(said.status, Some(status), "{arguments:?} {}{}", said.out, said.err);
        assert!(
            said.out.contains(words) || said.err.contains(words),
            "{arguments:?} {}{}",
            said.out,
            said.err
        );
    }
    let said = home.run(&["diff", "before/"]);
    assert!(said.out.contains(&format!("{words}, in payments-production and 1 more root")), "{}", said.out);
    let said = home.run(&["diff", "before/", "--fail-on", "reach"]);
    assert_eq!(said.status, Some(1), "{}", said.out);
}

#[test]
fn author_and_witness_agree_on_the_files_of_every_root() {
    for name in ROOT_FILES {
        assert!(!is_added(name), "{name}");
    }
    let home = generated(&[("vpc/own.tf.tera", "locals {\n  own = 1\n}\n")]);
    let added: Vec<String> = fs::read_dir(home.path("generated/teams/web/production"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".tf") && !ROOT_FILES.contains(&name.as_str()))
        .collect();
    assert_eq!(added, ["own.tf"]);
    assert!(is_added("own.tf"));
}
