use std::collections::BTreeMap;

use tanada_model::lock::{Leaving, Recorded, RecordedSubnet, RecordedVpc, VpcName};
use tanada_model::net::Block;

use crate::observed::{Backend, Data, Map, Value};
use crate::{Files, ReadError, Reader};

/// What a generated tree says about pools, VPCs and subnets: enough to rebuild a lock that was lost.
///
/// Files that are not Terraform's are not looked at.
///
/// # Errors
/// A [`ReadError`] for the first file that is not a generated one, with its line.
pub fn record(files: &dyn Files) -> Result<Recorded, ReadError> {
    let reader = Reader::new(files);
    let estate = reader.outputs("addresses/estate").map_err(first)?;
    let mut pools = BTreeMap::new();
    if let Some(value) = estate.get("pools") {
        let map = value.map().ok_or_else(|| wrong(value, "the pools are a map of lists"))?;
        for (name, value) in map.iter() {
            pools.insert(name.to_string(), blocks(value)?);
        }
    }
    let mut recorded = Recorded { pools, ..Recorded::default() };
    for directory in &reader.roots()? {
        if let Some(hub) = directory.strip_prefix("hub/") {
            let call = reader.call(directory, "hub", &[]).map_err(first)?;
            if let Some((_, backend)) = call {
                recorded.hubs.insert(hub.to_owned(), birth(directory, backend)?);
            }
            continue;
        }
        let call = reader.call(directory, "vpc", &["blocks", "subnets"]).map_err(first)?;
        match call {
            Some((arguments, backend)) => recorded.vpcs.push(vpc(directory, &arguments, backend)?),
            None => {
                if let Ok(name) = directory.trim_start_matches("teams/").parse::<VpcName>() {
                    recorded.leaving.insert(name, leaving(&reader, directory)?);
                }
            }
        }
    }
    recorded.vpcs.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(recorded)
}

/// A root on its way out, which has no module any more. What it forgets stays in the account.
fn leaving(reader: &Reader<'_>, directory: &str) -> Result<(String, Leaving), ReadError> {
    let root = reader.root(directory).map_err(first)?;
    let how = if root.removed.is_empty() { Leaving::Destroyed } else { Leaving::Forgotten };
    Ok((birth(directory, root.backend)?, how))
}

/// The first of at least one error.
fn first(errors: Vec<ReadError>) -> ReadError {
    errors.into_iter().next().unwrap_or_else(|| ReadError::file("", "it cannot be read"))
}

fn wrong(at: &Value, message: impl Into<String>) -> ReadError {
    ReadError::at(at.place.file(), at.place.line(), message)
}

fn vpc(directory: &str, arguments: &Map, backend: Option<Backend>) -> Result<RecordedVpc, ReadError> {
    let missing = |what: &str| ReadError::file(directory, format!("`module \"vpc\"` has no `{what}` here"));
    let own = arguments.get("blocks").ok_or_else(|| missing("blocks"))?;
    let rows = arguments.get("subnets").ok_or_else(|| missing("subnets"))?;
    if !matches!(rows.data, Data::List(_)) {
        return Err(wrong(rows, "the subnets are a list"));
    }
    let subnets = rows.items().iter().map(subnet).collect::<Result<_, _>>()?;
    let id = directory.trim_start_matches("teams/").replace('/', "-");
    Ok(RecordedVpc { id, birth: birth(directory, backend)?, blocks: blocks(own)?, subnets })
}

/// The path of the state: the backend's key without suffix, or the folder when the state is local.
fn birth(directory: &str, backend: Option<Backend>) -> Result<String, ReadError> {
    let settings = backend.map(|backend| backend.settings).unwrap_or_default();
    let key = ["key", "prefix", "path"].iter().find_map(|name| settings.get(name));
    let Some(key) = key else { return Ok(directory.to_owned()) };
    let text = key.text().ok_or_else(|| wrong(key, "the key of a state is a text"))?;
    Ok(text.strip_suffix(".tfstate").unwrap_or(text).to_owned())
}

fn subnet(row: &Value) -> Result<RecordedSubnet, ReadError> {
    if row.map().is_none() {
        return Err(wrong(row, "a subnet is a map"));
    }
    let text = |name: &str| {
        let found = row.get(name).and_then(Value::text);
        found
            .map(str::to_owned)
            .ok_or_else(|| wrong(row, format!("a subnet has a `{name}`, which is a text")))
    };
    let (name, tier, zone) = (text("name")?, text("tier")?, text("zone")?);
    let cidr = row.get("cidr").ok_or_else(|| wrong(row, "a subnet has a `cidr`, which is a text"))?;
    Ok(RecordedSubnet { name, tier, zone, cidr: block(cidr)? })
}

fn blocks(value: &Value) -> Result<Vec<Block>, ReadError> {
    if !matches!(value.data, Data::List(_)) {
        return Err(wrong(value, "the blocks are a list"));
    }
    value.items().iter().map(block).collect()
}

fn block(value: &Value) -> Result<Block, ReadError> {
    let text = value.text().ok_or_else(|| wrong(value, "a block is a text"))?;
    text.parse().map_err(|error| wrong(value, format!("{error}")))
}
