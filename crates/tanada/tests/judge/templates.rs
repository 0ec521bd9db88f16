//! The worked examples of templates, as Terraform sees them.

use std::fs;

use standin::{Lookups, judge_or_skip};
use tanada_model::diagnostic::FileId;
use tanada_render::templates::{TemplateFile, Templates};

use crate::estate::{root, workspace};
use crate::life::{HUB, ONE_ACCOUNT, PAYMENTS, apply, m3, plan};
use crate::support::{directory, lock_of, run};

/// The templates of `examples/templates`.
fn examples() -> Templates {
    let folder = directory("..").join("examples/templates/vpc");
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        TemplateFile { path: format!("vpc/{name}"), text: fs::read_to_string(path).unwrap(), file: FileId(0) }
    };
    let (templates, found) = Templates::new(fs::read_dir(folder).unwrap().map(read).collect());
    assert!(found.is_empty(), "{found:?}");
    templates.unwrap()
}

#[test]
fn endpoints_and_resolver_rules_are_planned() {
    let Some(judge) = judge_or_skip(Lookups::Applied).unwrap() else { return };
    let mut run = run(&m3(&ONE_ACCOUNT), &lock_of("m3"));
    let (files, found) = examples().render(&run.plan);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(files.iter().filter(|(path, _)| path.ends_with("/endpoints.tf")).count(), run.plan.vpcs.len());
    run.tree.files.extend(files);

    let workspace = workspace(&run);
    apply(&judge, &workspace, &run, &[]);
    let rules = "{\"dc\":\"rslvr-rr-0123456789abcdef0\"}";
    let planned = root(&judge, &workspace, &run, PAYMENTS).variable("resolver_rules", rules);
    let planned = planned.apply().unwrap_or_else(|failure| panic!("{failure}"));
    let endpoints: Vec<_> =
        planned.of_type("aws_vpc_endpoint").filter(|(address, _)| address.contains("interface")).collect();
    assert_eq!(endpoints.len(), 3);
    for (address, endpoint) in endpoints {
        let service = endpoint.values["service_name"].as_str().unwrap();
        assert!(service.starts_with("com.amazonaws.ap-northeast-1."), "{address}: {service}");
    }
    let (_, group) = planned.of_type("aws_security_group").next().expect("a security group");
    assert_eq!(group.values["ingress"][0]["cidr_blocks"], serde_json::json!(["10.31.0.0/20"]));
    assert_eq!(planned.of_type("aws_route53_resolver_rule_association").count(), 1);

    let again = root(&judge, &workspace, &run, PAYMENTS).variable("resolver_rules", rules).plan();
    assert_eq!(again.unwrap_or_else(|failure| panic!("{failure}")).changed().count(), 0);
    assert_eq!(plan(&judge, &workspace, &run, HUB).changed().count(), 0);
}
