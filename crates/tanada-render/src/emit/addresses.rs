use std::collections::{BTreeMap, BTreeSet};

use crate::hcl::{Block, Body, Expr, Ident, Key, List, Object, Reference, Value};
use crate::ident;
use crate::plan::{
    AccountAddresses, Cidr, EstateAddresses, HubAddresses, Named, Plan, RegionAddresses, VpcRoot,
};

use tanada_model::net;

use super::scope::{AddressModule, Entry, after_gap, partition, place, prefixed};
use super::{File, document};

/// A value and the comment that says where it comes from.
type Commented = (Cidr, String);

/// Every module below `addresses/` but those of VPCs.
pub(super) fn shared(plan: &Plan) -> Vec<File> {
    let region = plan.regions.first().map_or("", |region| region.name.as_str());
    let mut files = vec![file(AddressModule::Estate, estate(&plan.estate, region))];
    files.extend(plan.regions.iter().map(|it| file(AddressModule::Region(&it.name), region_outputs(it))));
    files.extend(plan.hub_addresses.iter().map(|it| file(AddressModule::Hub(&it.name), hub(it))));
    files.extend(plan.accounts.iter().map(|it| file(AddressModule::Account(&it.name), account(it))));
    if !plan.aggregates.is_empty() {
        files.push(file(AddressModule::Aggregates, aggregates(&plan.aggregates)));
    }
    files
}

/// The module of a VPC.
pub(super) fn of_vpc(root: &VpcRoot) -> File {
    file(AddressModule::Vpc(&root.id), vpc(root))
}

/// The folder of that module.
pub(super) fn folder_of_vpc(root: &VpcRoot) -> String {
    format!("addresses/{}", AddressModule::Vpc(&root.id).folder())
}

fn file(module: AddressModule<'_>, text: String) -> File {
    (format!("addresses/{}/main.tf", module.folder()), text)
}

fn region_outputs(RegionAddresses { name, zones }: &RegionAddresses) -> String {
    let ids = zones
        .iter()
        .fold(Object::new(), |object, (letter, id)| object.entry(Key::text(letter), Expr::from(id.as_str())));
    document()
        .block(output(ident!("name"), "The cloud's name of the region.", Expr::from(name.as_str())))
        .blank()
        .block(output(ident!("zones"), "Availability Zone ids by letter.", ids))
        .to_string()
}

fn hub(HubAddresses { name, gateway }: &HubAddresses) -> String {
    let description = format!("Name tag of the Transit Gateway of {name}, by which VPCs find it.");
    document().block(output(ident!("gateway"), description, Expr::from(gateway.as_str()))).to_string()
}

fn account(AccountAddresses { name, id, why }: &AccountAddresses) -> String {
    let head = match why {
        Some(why) => document().comment(why),
        None => document(),
    };
    let description = format!("Id of the AWS account {name}.");
    head.block(output(ident!("id"), description, Expr::from(id.as_str()))).to_string()
}

fn aggregates(aggregates: &BTreeMap<String, net::Block>) -> String {
    let description = "A sum of blocks of several networks, which several roots need.";
    let outputs = aggregates.iter().enumerate();
    let body = outputs.fold(document(), |body, (at, (name, block))| {
        after_gap(body, at).block(output(Ident::of_label(name), description, *block))
    });
    body.to_string()
}

fn estate(estate: &EstateAddresses, region: &str) -> String {
    let EstateAddresses { ranges, pools, reserved, sites, private, flow_log_bucket } = estate;
    let mut module = Module::new(AddressModule::Estate);
    let tables: [(&str, &str, &[Named], Count); 4] = [
        ("ranges", "Root pools: the ranges that a person wrote.", ranges, One),
        ("pools", "Inner pools, by extent: the first, then those of growth.", pools, Several),
        ("reserved", "Ranges of others, which are never handed out.", reserved, One),
        ("sites", "What lies at sites.", sites, Several),
    ];
    for (_, _, table, _) in tables {
        module.see(table.iter().flat_map(|named| &named.values));
    }
    module.see(private);
    for (name, _, table, count) in tables {
        module.declare(
            count,
            table.iter().map(|named| (name, Some(named.name.as_str()), named.values.as_slice())),
        );
    }
    module.declare(Several, [("private", None, private.as_slice())]);
    module.start();
    for (name, description, table, count) in tables {
        module.table(name, description, table, count);
    }
    if !private.is_empty() {
        let values = module.values("private", None, private);
        module.output(ident!("private"), "The private ranges of RFC 1918.", values);
    }
    if let Some(bucket) = flow_log_bucket {
        let arn = if bucket.starts_with("arn:") {
            bucket.clone()
        } else {
            format!("arn:{}:s3:::{bucket}", partition(region))
        };
        module.output(
            ident!("flow_log_bucket_arn"),
            "S3 bucket that receives every flow log.",
            Expr::from(arn),
        );
    }
    module.body.to_string()
}

fn vpc(root: &VpcRoot) -> String {
    let mut module = Module::new(AddressModule::Vpc(&root.id));
    module.see(&root.blocks);
    module.see(root.tiers.iter().flat_map(|tier| &tier.values));
    module.declare(Several, [("blocks", None, root.blocks.as_slice())]);
    module.declare(
        Several,
        root.tiers.iter().map(|tier| ("tiers", Some(tier.name.as_str()), tier.values.as_slice())),
    );
    module.start();
    let blocks = module.values("blocks", None, &root.blocks);
    let description = format!("The blocks of {}: what others route to and allow.", root.name);
    module.output(ident!("blocks"), description, blocks);
    if !root.tiers.is_empty() {
        let tiers = root.tiers.iter().fold(Object::new(), |object, tier| {
            let values = module.values("tiers", Some(&tier.name), &tier.values);
            object.gap().entry(Ident::of_label(&tier.name), values)
        });
        let description = "The tiers, with the room that growth may take: what rules are written against.";
        module.output(ident!("tiers"), description, tiers);
    }
    module.body.to_string()
}

fn output<'a>(name: Ident<'a>, description: impl Into<String>, value: impl Into<Value<'a>>) -> Block<'a> {
    let body = Body::new()
        .attribute(ident!("description"), Expr::from(description.into()))
        .attribute(ident!("value"), value);
    Block::new(ident!("output")).label(name).body(body)
}

/// How many values an entry of a table has.
#[derive(Clone, Copy)]
enum Count {
    One,
    Several,
}
use Count::{One, Several};

/// An entry of an output of this module: output, and name in it.
type Own<'a> = (&'a str, Option<&'a str>);

/// A module below `addresses/` while it is written.
///
/// An output cannot refer to an output of its own module. So what another value here refers to becomes a local.
struct Module<'a> {
    own: AddressModule<'a>,
    /// Modules that values here refer to.
    others: BTreeSet<AddressModule<'a>>,
    /// Entries of this module that other values here refer to.
    referred: BTreeSet<Own<'a>>,
    locals: BTreeMap<Ident<'a>, (Count, &'a [Commented])>,
    body: Body<'a>,
}

impl<'a> Module<'a> {
    fn new(own: AddressModule<'a>) -> Self {
        Self {
            own,
            others: BTreeSet::new(),
            referred: BTreeSet::new(),
            locals: BTreeMap::new(),
            body: document(),
        }
    }

    /// Notes what `values` refer to.
    fn see(&mut self, values: impl IntoIterator<Item = &'a Commented>) {
        for (cidr, _) in values {
            if let Cidr::Shared(shared) = cidr {
                let (module, Entry { output, name, index: _ }) = place(shared);
                if module == self.own {
                    self.referred.insert((output, name));
                } else {
                    self.others.insert(module);
                }
            }
        }
    }

    /// Turns those of `entries` that are referred to into locals.
    fn declare(
        &mut self,
        count: Count,
        entries: impl IntoIterator<Item = (&'a str, Option<&'a str>, &'a [Commented])>,
    ) {
        for (output, name, values) in entries {
            if self.referred.contains(&(output, name)) {
                self.locals.insert(local_name(output, name), (count, values));
            }
        }
    }

    /// Calls the modules that are referred to, and writes the locals.
    fn start(&mut self) {
        for module in std::mem::take(&mut self.others) {
            self.push(module.call("../"));
        }
        if !self.locals.is_empty() {
            let locals = std::mem::take(&mut self.locals);
            let body = locals.into_iter().enumerate().fold(Body::new(), |body, (at, (name, local))| {
                let body = after_gap(body, at);
                match local {
                    (One, [(cidr, comment)]) if comment.is_empty() => body.attribute(name, self.cidr(cidr)),
                    (One, [(cidr, comment)]) => body.comment(comment).attribute(name, self.cidr(cidr)),
                    (One | Several, values) => body.attribute(name, self.list(values)),
                }
            });
            self.push(Block::new(ident!("locals")).body(body));
        }
    }

    fn table(&mut self, output: &'a str, description: &str, table: &'a [Named], count: Count) {
        if table.is_empty() {
            return;
        }
        let mut object = Object::new();
        for Named { name, values, why } in table {
            object = object.gap().comment(why.as_deref().unwrap_or_default());
            let key = Key::Ident(Ident::of_label(name));
            object = match (count, values.as_slice()) {
                (One, [(cidr, comment)]) if !self.referred.contains(&(output, Some(name))) => {
                    object.comment(comment).entry(key, self.cidr(cidr))
                }
                (One, _) => object.entry(key, local(output, Some(name))),
                (Several, values) => object.entry(key, self.values(output, Some(name), values)),
            };
        }
        self.output(Ident::of_label(output), description, object);
    }

    /// The values of an entry: as they are, or the local that holds them.
    fn values(&self, output: &'a str, name: Option<&'a str>, values: &'a [Commented]) -> Value<'a> {
        if self.referred.contains(&(output, name)) {
            local(output, name).into()
        } else {
            self.list(values).into()
        }
    }

    fn list(&self, values: &'a [Commented]) -> List<'a> {
        values.iter().fold(List::new(), |list, (cidr, comment)| list.comment(comment).item(self.cidr(cidr)))
    }

    /// An address as this module writes it.
    fn cidr(&self, cidr: &'a Cidr) -> Expr<'a> {
        match cidr {
            Cidr::Literal(block) => (*block).into(),
            Cidr::Everywhere => "0.0.0.0/0".into(),
            Cidr::Shared(shared) => {
                let (module, entry) = place(shared);
                if module == self.own {
                    let local = local(entry.output, entry.name);
                    match entry.index {
                        Some(index) => local.index(index).into(),
                        None => local.into(),
                    }
                } else {
                    entry.of_module(module).into()
                }
            }
            Cidr::Aggregate(name) => {
                Reference::path(ident!("local"), [ident!("aggregates"), Ident::of_label(name)]).into()
            }
        }
    }

    fn output(&mut self, name: Ident<'a>, description: impl Into<String>, value: impl Into<Value<'a>>) {
        self.push(output(name, description, value));
    }

    fn push(&mut self, block: Block<'a>) {
        let body = std::mem::take(&mut self.body);
        let at = usize::from(body.items().len() > 1);
        self.body = after_gap(body, at).block(block);
    }
}

fn local<'a>(output: &str, name: Option<&str>) -> Reference<'a> {
    Reference::path(ident!("local"), [local_name(output, name)])
}

fn local_name<'a>(output: &str, name: Option<&str>) -> Ident<'a> {
    match name {
        Some(name) => prefixed(output, name),
        None => Ident::of_label(output.to_owned()),
    }
}
