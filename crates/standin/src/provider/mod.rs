//! What the stand-in answers: a provider whose schema is data and whose cloud is a memory.

mod configuration;
mod lookup;
mod network_acl;
mod planning;
mod validation;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use prost::Message;
use rmpv::Value;

use crate::cloud::Cloud;
use crate::grpc::{Service, Status, answer};
use crate::protocol::{
    ApplyReply, ApplyRequest, CheckReply, ConfigRequest, ConfigureRequest, Diagnostic, DynamicValue,
    ImportReply, ImportRequest, Imported, PlanReply, PlanRequest, ReadReply, ReadRequest, StateReply,
    UpgradeRequest,
};
use crate::schema::{Block, Schema};
use crate::value;
use configuration::Configuration;

const SERVICE: &str = "/tfplugin6.Provider/";

/// What a data source finds when nothing that was applied fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookups {
    /// Something invented, the same for the same question: a root can be planned before what it looks for exists.
    Invented,
    /// An error, as in the cloud: what a root looks for must have been applied, in that account and region.
    Applied,
}

/// What all connections of one server share.
pub(crate) struct Provider {
    schema: Schema,
    /// The schema as it is sent; by far the longest answer, so encoded once.
    encoded: Bytes,
    cloud: RefCell<Cloud>,
    lookups: Lookups,
}

impl Provider {
    pub(crate) fn new(schema: Schema, lookups: Lookups) -> Self {
        let encoded = schema.reply().encode_to_vec().into();
        Self { schema, encoded, cloud: RefCell::default(), lookups }
    }
}

/// One connection. Terraform opens one for each `provider` block of each run and configures it once, so two accounts
/// are two connections.
pub(crate) struct Connection {
    provider: Rc<Provider>,
    configuration: RefCell<Configuration>,
}

impl Connection {
    pub(crate) fn new(provider: Rc<Provider>) -> Self {
        Self { provider, configuration: RefCell::default() }
    }

    fn resource(&self, type_name: &str) -> Result<&Block, Status> {
        block(&self.provider.schema.resources, type_name)
    }
}

fn block<'a>(types: &'a BTreeMap<String, Block>, type_name: &str) -> Result<&'a Block, Status> {
    types.get(type_name).ok_or_else(|| Status::invalid(format!("the schema has no {type_name}")))
}

impl Service for Connection {
    fn serves(&self, path: &str) -> bool {
        path.starts_with(SERVICE)
    }

    fn call(&self, path: &str, request: &[u8]) -> Result<Bytes, Status> {
        match path.strip_prefix(SERVICE).unwrap_or_default() {
            "GetProviderSchema" => Ok(self.provider.encoded.clone()),
            // No field, so no byte: nothing is wrong.
            "ValidateProviderConfig" | "ValidateDataResourceConfig" | "StopProvider" => Ok(Bytes::new()),
            "ConfigureProvider" => answer(request, |request| self.configure(&request)),
            "ValidateResourceConfig" => answer(request, |request| self.validate(&request)),
            "UpgradeResourceState" => answer(request, |request| Ok(upgrade(request))),
            "ReadResource" => answer(request, |request| Ok(read(request))),
            "PlanResourceChange" => answer(request, |request| self.plan(&request)),
            "ApplyResourceChange" => answer(request, |request| self.apply(&request)),
            "ImportResourceState" => answer(request, |request| self.import(&request)),
            "ReadDataSource" => answer(request, |request| self.look_up(&request)),
            method => Err(Status::unimplemented(method)),
        }
    }
}

impl Connection {
    fn configure(&self, request: &ConfigureRequest) -> Result<CheckReply, Status> {
        let config = value::decode_some(request.config.as_ref())?;
        self.configuration.replace(Configuration::read(&config));
        Ok(CheckReply::default())
    }

    fn validate(&self, request: &ConfigRequest) -> Result<CheckReply, Status> {
        let block = self.resource(&request.type_name)?;
        let config = value::decode_some(request.config.as_ref())?;
        let mut diagnostics = validation::check(block, &config);
        if request.type_name == network_acl::TYPE {
            diagnostics.extend(network_acl::check(&config));
        }
        Ok(CheckReply { diagnostics })
    }

    fn plan(&self, request: &PlanRequest) -> Result<PlanReply, Status> {
        let block = self.resource(&request.type_name)?;
        let prior = value::decode(request.prior_state.as_ref())?;
        let Some(proposed) = value::decode(request.proposed_new_state.as_ref())? else {
            // A destruction is planned as proposed: null.
            let planned_state = request.proposed_new_state.clone();
            return Ok(PlanReply { planned_state, legacy_type_system: true, ..PlanReply::default() });
        };
        let config = value::decode_some(request.config.as_ref())?;
        let configuration = self.configuration.borrow();
        let planned = planning::plan(block, &config, prior.as_ref(), proposed, &configuration);
        let verdict = prior.map(|prior| planning::compare(block, &prior, &planned)).unwrap_or_default();
        Ok(PlanReply {
            planned_state: Some(value::encode(planned)?),
            requires_replace: verdict.replacing,
            diagnostics: verdict.undecided,
            // As providers built on the older plug-in library say: a plan may then differ from the configuration,
            // for example by a default, which is an error otherwise.
            legacy_type_system: true,
        })
    }

    fn apply(&self, request: &ApplyRequest) -> Result<ApplyReply, Status> {
        let block = self.resource(&request.type_name)?;
        let mut cloud = self.provider.cloud.borrow_mut();
        let new_state = match value::decode(request.planned_state.as_ref())? {
            None => {
                let prior = value::decode_some(request.prior_state.as_ref())?;
                cloud.destroy(prior.get("id").and_then(Value::as_str).unwrap_or_default());
                request.planned_state.clone()
            }
            Some(mut object) => {
                cloud.make(&request.type_name, block, &mut object, self.configuration.borrow().place());
                Some(value::encode(object)?)
            }
        };
        Ok(ApplyReply { new_state, legacy_type_system: true })
    }

    fn import(&self, request: &ImportRequest) -> Result<ImportReply, Status> {
        let ImportRequest { type_name, id } = request;
        self.resource(type_name)?;
        let cloud = self.provider.cloud.borrow();
        let place = self.configuration.borrow().place();
        Ok(match cloud.one(type_name, id).filter(|made| place.sees(&made.place)) {
            Some(made) => {
                let state = Some(value::encode(made.object.clone())?);
                let resources = vec![Imported { type_name: type_name.clone(), state }];
                ImportReply { resources, diagnostics: Vec::new() }
            }
            None => {
                let detail = format!("of {type_name} is {id:?}, and there is none in {place}");
                let diagnostics =
                    vec![Diagnostic::error("id", "Cannot import non-existent remote object", &detail)];
                ImportReply { resources: Vec::new(), diagnostics }
            }
        })
    }

    fn look_up(&self, request: &ConfigRequest) -> Result<StateReply, Status> {
        let block = block(&self.provider.schema.data_sources, &request.type_name)?;
        let question = value::decode_some(request.config.as_ref())?;
        let cloud = self.provider.cloud.borrow();
        let configuration = self.configuration.borrow();
        let found = lookup::look_up(
            &request.type_name,
            block,
            question,
            &configuration,
            &cloud,
            self.provider.lookups,
        );
        Ok(match found {
            Ok(object) => StateReply { state: Some(value::encode(object)?), diagnostics: Vec::new() },
            Err(diagnostic) => StateReply { state: None, diagnostics: vec![diagnostic] },
        })
    }
}

/// The schema has one version, so a state goes back as it came.
fn upgrade(request: UpgradeRequest) -> StateReply {
    let json = request.raw_state.unwrap_or_default().json;
    StateReply { state: Some(DynamicValue { msgpack: Vec::new(), json }), diagnostics: Vec::new() }
}

/// Nothing drifts.
fn read(request: ReadRequest) -> ReadReply {
    ReadReply { new_state: request.current_state }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHODS: [&str; 9] = [
        "GetProviderSchema",
        "ConfigureProvider",
        "ValidateResourceConfig",
        "UpgradeResourceState",
        "ReadResource",
        "PlanResourceChange",
        "ApplyResourceChange",
        "ReadDataSource",
        "ImportResourceState",
    ];

    fn connection() -> Connection {
        Connection::new(Rc::new(Provider::new(Schema::aws().unwrap(), Lookups::Invented)))
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let connection = connection();
        // A field of length 5 with two bytes in it; a resource of a type that does not exist.
        for request in [&b"\x0a\x05ab"[..], b"\x0a\x07aws_vpx"] {
            assert!(connection.call("/tfplugin6.Provider/ValidateResourceConfig", request).is_err());
        }
        assert!(connection.call("/tfplugin6.Provider/MoveResourceState", b"").is_err(), "nobody does that");
        assert!(!connection.serves("/plugin.GRPCBroker/StartStream"));
    }

    #[test]
    fn no_bytes_bring_it_down() {
        let connection = connection();
        // A linear congruential generator: the same bytes in every run. Its upper bits are the better ones.
        let mut state = 1_u64;
        let mut byte = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        };
        for round in 0..2_000 {
            let mut request = b"\x0a\x07aws_vpc\x12".to_vec();
            request.extend((0..round % 64).map(|_| byte()));
            for method in METHODS {
                // Refused or answered: what counts is that it returns.
                let _ = connection.call(&format!("{SERVICE}{method}"), &request);
            }
        }
    }
}
