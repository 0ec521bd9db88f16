use std::collections::BTreeMap;

use tanada_model::lock::{Recorded, RecordedSubnet, RecordedVpc};
use tanada_model::net::Block;

use crate::ReadError;
use crate::module::{Located, Module, Modules};
use crate::value::{Value, evaluate};

/// What a generated tree says about pools, VPCs and subnets: enough to rebuild a lock that was lost.
///
/// `files` are the tree's files by relative path; files that are not Terraform's are not looked at.
///
/// # Errors
/// A [`ReadError`] for the first file that is not a generated one, with its line.
pub fn record(files: &BTreeMap<String, String>) -> Result<Recorded, ReadError> {
    let modules = Modules::new(files);
    let estate = modules.get("addresses/estate")?;
    let mut recorded = Recorded { pools: BTreeMap::new(), vpcs: Vec::new() };
    if let Some(pools) = estate.block("output", "pools").and_then(|block| block.attribute("value")) {
        let Value::Map(map) = evaluate(&modules, &estate, pools)? else {
            return Err(pools.error("the pools are a map of lists"));
        };
        for (name, value) in map {
            recorded.pools.insert(name, blocks(pools, value)?);
        }
    }
    for directory in modules.directories("teams", 2) {
        let root = modules.get(&directory)?;
        // A root on its way out has no module any more.
        if root.block("module", "vpc").is_some() {
            recorded.vpcs.push(vpc(&modules, &root)?);
        }
    }
    recorded.vpcs.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(recorded)
}

fn vpc(modules: &Modules<'_>, root: &Module) -> Result<RecordedVpc, ReadError> {
    let missing =
        |what: &str| ReadError::file(&root.directory, format!("`module \"vpc\"` has no `{what}` here"));
    let call = root.block("module", "vpc").ok_or_else(|| missing("source"))?;
    let attribute = |name: &str| call.attribute(name).ok_or_else(|| missing(name));
    let at = attribute("blocks")?;
    let blocks = blocks(at, evaluate(modules, root, at)?)?;
    let at = attribute("subnets")?;
    let Value::List(rows) = evaluate(modules, root, at)? else {
        return Err(at.error("the subnets are a list"));
    };
    let subnets = rows.into_iter().map(|row| subnet(at, row)).collect::<Result<_, _>>()?;
    let id = root.directory.trim_start_matches("teams/").replace('/', "-");
    Ok(RecordedVpc { id, birth: birth(root)?, blocks, subnets })
}

/// The path of the state: the backend's key without suffix, or the folder when the state is local.
fn birth(root: &Module) -> Result<String, ReadError> {
    let backend = root.blocks("terraform").find_map(|block| block.child("backend"));
    let key =
        backend.and_then(|block| ["key", "prefix", "path"].iter().find_map(|name| block.attribute(name)));
    let Some(at) = key else { return Ok(root.directory.clone()) };
    let text = at.expression.as_str().ok_or_else(|| at.error("the key of a state is a text"))?;
    Ok(text.strip_suffix(".tfstate").unwrap_or(text).to_owned())
}

fn subnet(at: Located<'_>, row: Value) -> Result<RecordedSubnet, ReadError> {
    let Value::Map(mut row) = row else { return Err(at.error("a subnet is a map")) };
    let mut text = |name: &str| match row.remove(name) {
        Some(Value::Text(text)) => Ok(text),
        Some(Value::List(_) | Value::Map(_) | Value::Other) | None => {
            Err(at.error(format!("a subnet has a `{name}`, which is a text")))
        }
    };
    let (name, tier, zone, cidr) = (text("name")?, text("tier")?, text("zone")?, text("cidr")?);
    Ok(RecordedSubnet { name, tier, zone, cidr: block(at, &cidr)? })
}

fn blocks(at: Located<'_>, value: Value) -> Result<Vec<Block>, ReadError> {
    let Value::List(list) = value else { return Err(at.error("the blocks are a list")) };
    let text = |value: Value| match value {
        Value::Text(text) => block(at, &text),
        Value::List(_) | Value::Map(_) | Value::Other => Err(at.error("a block is a text")),
    };
    list.into_iter().map(text).collect()
}

fn block(at: Located<'_>, text: &str) -> Result<Block, ReadError> {
    text.parse().map_err(|error| at.error(format!("{error}")))
}
