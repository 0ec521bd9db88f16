use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::hcl::{Block, Body, Expr, Ident, Reference, Template};
use crate::ident;
use crate::plan::{AccountUse, Cidr, Shared};

use super::{document, way_up};

/// A module below `addresses/`, in the order in which a root lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AddressModule<'a> {
    Estate,
    Aggregates,
    Account(&'a str),
    Region(&'a str),
    Hub(&'a str),
    /// By VPC id.
    Vpc(&'a str),
}

impl<'a> AddressModule<'a> {
    /// Its folder below `addresses/`.
    pub(super) fn folder(self) -> String {
        match self {
            Self::Estate => "estate".to_owned(),
            Self::Aggregates => "aggregates".to_owned(),
            Self::Account(name) => format!("account-{name}"),
            Self::Region(name) => format!("region-{name}"),
            Self::Hub(name) => format!("hub-{name}"),
            Self::Vpc(id) => id.to_owned(),
        }
    }

    /// The name under which it is called.
    fn name(self) -> Ident<'a> {
        match self {
            Self::Estate => ident!("estate"),
            Self::Aggregates => ident!("aggregates"),
            Self::Account(name) => prefixed("account", name),
            Self::Region(name) => prefixed("region", name),
            Self::Hub(name) => prefixed("hub", name),
            Self::Vpc(id) => Ident::of_label(id),
        }
    }

    /// `module.name.output`.
    pub(super) fn output(self, output: Ident<'a>) -> Reference<'a> {
        Reference::path(ident!("module"), [self.name(), output])
    }

    /// `module "name" { source = … }`.
    pub(super) fn call(self, to_addresses: &str) -> Block<'a> {
        let source = format!("{to_addresses}{}", self.folder());
        Block::new(ident!("module"))
            .label(self.name())
            .body(Body::new().attribute(ident!("source"), Expr::from(source)))
    }
}

/// `prefix_label` as an identifier.
pub(super) fn prefixed<'a>(prefix: &str, label: &str) -> Ident<'a> {
    Ident::of_label(format!("{prefix}_{label}"))
}

/// The module that holds a shared address, and where in it the address stands.
pub(super) fn place(shared: &Shared) -> (AddressModule<'_>, Entry<'_>) {
    let (module, output, name, index) = match shared {
        Shared::Root(name) => (AddressModule::Estate, "ranges", Some(name), None),
        Shared::Pool(name, index) => (AddressModule::Estate, "pools", Some(name), Some(*index)),
        Shared::Reserved(name) => (AddressModule::Estate, "reserved", Some(name), None),
        Shared::Site(name, index) => (AddressModule::Estate, "sites", Some(name), Some(*index)),
        Shared::Private(index) => (AddressModule::Estate, "private", None, Some(*index)),
        Shared::Block(id, index) => (AddressModule::Vpc(id), "blocks", None, Some(*index)),
        Shared::Tier(id, tier, index) => (AddressModule::Vpc(id), "tiers", Some(tier), Some(*index)),
        Shared::Aggregate(name) => (AddressModule::Aggregates, name.as_str(), None, None),
    };
    (module, Entry { output, name: name.map(String::as_str), index })
}

/// A place in a module below `addresses/`: `output.name[index]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry<'a> {
    pub(super) output: &'a str,
    pub(super) name: Option<&'a str>,
    pub(super) index: Option<usize>,
}

impl<'a> Entry<'a> {
    /// `module.x.output.name[index]`.
    pub(super) fn of_module(self, module: AddressModule<'a>) -> Reference<'a> {
        let output = module.output(Ident::of_label(self.output));
        let named = match self.name {
            Some(name) => output.attribute(Ident::of_label(name)),
            None => output,
        };
        match self.index {
            Some(index) => named.index(index),
            None => named,
        }
    }
}

/// What a root refers to, collected while its files are built.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    modules: BTreeSet<AddressModule<'a>>,
    /// What rows referred to so far.
    places: BTreeMap<&'a Shared, Arc<Reference<'a>>>,
    variables: BTreeMap<Ident<'a>, Variable<'a>>,
}

/// A value that the input does not know.
#[derive(Debug)]
enum Variable<'a> {
    Account(&'a str),
    Attachment(&'a str),
}

impl<'a> Scope<'a> {
    /// An address as this root writes it.
    pub(super) fn cidr(&mut self, cidr: &'a Cidr) -> Expr<'a> {
        match cidr {
            Cidr::Literal(block) => (*block).into(),
            Cidr::Everywhere => "0.0.0.0/0".into(),
            Cidr::Shared(shared) => {
                let Self { modules, places, variables: _ } = self;
                let reference = places.entry(shared).or_insert_with(|| {
                    let (module, entry) = place(shared);
                    modules.insert(module);
                    Arc::new(entry.of_module(module))
                });
                Arc::clone(reference).into()
            }
            Cidr::Aggregate(name) => {
                Reference::path(ident!("local"), [ident!("aggregates"), Ident::of_label(name)]).into()
            }
        }
    }

    /// An output of a module below `addresses/`.
    pub(super) fn output(&mut self, module: AddressModule<'a>, output: Ident<'a>) -> Reference<'a> {
        self.modules.insert(module);
        module.output(output)
    }

    /// An account's id.
    pub(super) fn account(&mut self, AccountUse { name, known, role: _ }: &'a AccountUse) -> Reference<'a> {
        if *known {
            self.output(AddressModule::Account(name), ident!("id"))
        } else {
            self.variable(prefixed("account", name), Variable::Account(name))
        }
    }

    /// The id of an attachment that the input does not know.
    pub(super) fn attachment(&mut self, name: &'a str) -> Reference<'a> {
        self.variable(prefixed("attachment", name), Variable::Attachment(name))
    }

    fn variable(&mut self, name: Ident<'a>, variable: Variable<'a>) -> Reference<'a> {
        self.variables.insert(name.clone(), variable);
        Reference::path(ident!("var"), [name])
    }

    /// `addresses.tf` of the root in `directory`.
    pub(super) fn addresses(&self, directory: &str) -> String {
        let up = way_up(directory) + "addresses/";
        let head = document().comment("Constants only: these modules make nothing.");
        let calls = self.modules.iter().enumerate();
        calls.fold(head, |body, (at, module)| after_gap(body, at).block(module.call(&up))).to_string()
    }

    /// Names of the root's variables.
    pub(super) fn variable_names(&self) -> Vec<String> {
        self.variables.keys().map(ToString::to_string).collect()
    }

    /// `variables.tf`, if the root has any.
    pub(super) fn variables(&self) -> Option<String> {
        let mut blocks = self.variables.iter().map(|(name, variable)| declaration(name, variable));
        let first = document().block(blocks.next()?);
        Some(blocks.fold(first, |body, block| body.blank().block(block)).to_string())
    }
}

/// An empty line before everything but the first.
pub(super) fn after_gap(body: Body<'_>, at: usize) -> Body<'_> {
    if at > 0 { body.blank() } else { body }
}

fn declaration<'a>(name: &Ident<'a>, variable: &Variable<'a>) -> Block<'a> {
    let (description, pattern, complaint) = match variable {
        Variable::Account(account) => (
            format!("Id of the AWS account `{account}`."),
            "^[0-9]{12}$",
            "An AWS account id has twelve digits.",
        ),
        Variable::Attachment(attachment) => (
            format!("Id of the Transit Gateway attachment `{attachment}`, which something else made."),
            "^tgw-attach-[0-9a-f]+$",
            "The id of a Transit Gateway attachment is tgw-attach- and hexadecimal digits.",
        ),
    };
    let value = Reference::path(ident!("var"), [name.clone()]);
    let matches = Expr::call(ident!("regex"), vec![pattern.into(), value.into()]);
    let validation = Body::new()
        .attribute(ident!("condition"), Expr::call(ident!("can"), vec![matches]))
        .attribute(ident!("error_message"), complaint);
    let body = Body::new()
        .attribute(ident!("description"), Expr::from(description))
        .attribute(ident!("type"), Reference::new(ident!("string")))
        .blank()
        .block(Block::new(ident!("validation")).body(validation));
    Block::new(ident!("variable")).label(name.clone()).body(body)
}

/// The part of AWS that a region belongs to, as ARNs begin with it.
pub(crate) fn partition(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

/// `arn:aws:iam::<account>:role/<role>`.
pub(super) fn role_arn<'a>(region: &str, account: Reference<'a>, role: &'a str) -> Template<'a> {
    let start = format!("arn:{}:iam::", partition(region));
    Template::new().text(start).reference(account).text(":role/").text(role)
}
