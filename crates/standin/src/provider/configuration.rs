//! What a `provider` block says: where its resources are made, and with which tags.

use rmpv::Value;

use crate::cloud::Place;
use crate::value::{self, Object};

/// A `provider` block as far as it changes an answer.
#[derive(Debug, Default)]
pub(crate) struct Configuration {
    /// `None`: unknown until apply.
    region: Option<String>,
    /// `None`: that of the credentials.
    account: Option<String>,
    default_tags: Object,
}

impl Configuration {
    pub(crate) fn read(config: &Object) -> Self {
        let text = |name: &str| config.get(name).and_then(Value::as_str).map(str::to_owned);
        // The account of the assumed role; without a role the one account that is allowed.
        let role =
            block(config, "assume_role").and_then(|role| role.get("role_arn")?.as_str().map(str::to_owned));
        let of_role = role.as_deref().and_then(|arn| arn.split(':').nth(4)).map(str::to_owned);
        let allowed = || value::texts(config.get("allowed_account_ids")).next().map(str::to_owned);
        let tags = block(config, "default_tags").and_then(|mut block| value::object(block.remove("tags")?));
        Self {
            region: text("region"),
            account: of_role.or_else(allowed),
            default_tags: tags.unwrap_or_default(),
        }
    }

    /// The region, as a planned value.
    pub(crate) fn region(&self) -> Value {
        self.region.as_deref().map_or_else(value::unknown, Value::from)
    }

    /// Where resources are made and looked for.
    pub(crate) fn place(&self) -> Place {
        Place { account: self.account.clone(), region: self.region.clone().unwrap_or_default() }
    }

    /// All tags of a resource: the provider's with the resource's own over them.
    pub(crate) fn all_tags(&self, own: Option<&Value>) -> Value {
        let mut tags = self.default_tags.clone();
        match own {
            Some(own) if value::is_unknown(own) => return value::unknown(),
            Some(own) => tags.extend(value::object(own.clone()).unwrap_or_default()),
            None => {}
        }
        Value::Map(tags.into_iter().map(|(name, value)| (Value::from(name), value)).collect())
    }
}

/// The first block of a name.
fn block(config: &Object, name: &str) -> Option<Object> {
    config.get(name)?.as_array()?.first().cloned().and_then(value::object)
}
