//! What is said once: names, tags, backend, logs, quotas, accounts, acceptances.

use std::collections::BTreeMap;

use super::codes::{BACKEND_KEY, INVALID_TEXT, RESERVED_TAG, SECRET, UNKNOWN_QUOTA, WRONG_VALUE};
use super::entity;
use super::names::Context;
use crate::design::{Accept, Account, Backend, NamePart, NamePattern};
use crate::diagnostic::{Diagnostic, Span, Spanned, did_you_mean};
use crate::document::{
    AcceptStatement, BackendStatement, OUT_OF_RANGE, Operand, QuotasStatement, Reference, Setting, Texts,
    written,
};
use crate::quotas::{QUOTAS, Quota, quota};

/// Tags that are derived.
const DERIVED_TAGS: &[&str] = &["Name", "Team", "Environment", "Segment", "Owner", "ManagedBy", "Tier"];

/// Attributes that would give every root the same state.
const STATE_KEYS: &[&str] = &["key", "prefix", "path", "secret_suffix", "schema_name", "address"];

/// Attributes of backends that hold secrets.
const SECRETS: &[&str] = &[
    "access_key",
    "secret_key",
    "token",
    "password",
    "sas_token",
    "client_secret",
    "conn_str",
    "encryption_key",
    "credentials",
    "access_token",
];

/// Characters of a tag's value, at most.
pub(super) const TAG_VALUE: usize = 256;

impl Context<'_, '_> {
    pub(super) fn name_pattern(&mut self) -> NamePattern {
        let standard = || NamePattern(vec![NamePart::Team, NamePart::Text("-".to_owned()), NamePart::Vpc]);
        let Some(names) = written(&self.document.names) else { return standard() };
        let mut parts = Vec::new();
        let mut rest = names.value.as_str();
        while let Some(open) = rest.find('{') {
            let (before, from) = rest.split_at(open);
            let Some(close) = from.find('}') else { break };
            let part = from.get(1..close).unwrap_or_default();
            if !before.is_empty() {
                parts.push(NamePart::Text(before.to_owned()));
            }
            match part {
                "team" => parts.push(NamePart::Team),
                "vpc" => parts.push(NamePart::Vpc),
                "environment" => parts.push(NamePart::Environment),
                "region" => parts.push(NamePart::Region),
                "range" => parts.push(NamePart::Range),
                _ => self.unknown_part(part, names.span),
            }
            rest = from.get(close + 1..).unwrap_or_default();
        }
        if !rest.is_empty() {
            parts.push(NamePart::Text(rest.to_owned()));
        }
        for part in &parts {
            if let NamePart::Text(text) = part {
                self.check_tag_text(text, names.span, "a Name tag", TAG_VALUE);
            }
        }
        NamePattern(parts)
    }

    fn unknown_part(&mut self, part: &str, span: Span) {
        let parts = ["team", "vpc", "environment", "region", "range"];
        let diagnostic =
            Diagnostic::new(WRONG_VALUE, format!("there is no part `{{{part}}}` of a name")).at(span, "");
        self.push(match did_you_mean(part, parts) {
            Some(meant) => diagnostic.help(format!("did you mean `{{{meant}}}`?")),
            None => diagnostic.help("there are `{team}`, `{vpc}`, `{environment}`, `{region}` and `{range}`"),
        });
    }

    /// Characters that AWS takes in tags everywhere, and no more than that of them.
    pub(super) fn check_tag_text(&mut self, text: &str, span: Span, what: &str, most: usize) -> bool {
        let fits = |c: char| c.is_alphanumeric() || " _.:/=+-@".contains(c);
        let wrong = text.chars().find(|c| !fits(*c));
        if let Some(wrong) = wrong {
            let message = format!("`{}` cannot stand in {what}", wrong.escape_default());
            self.push(
                Diagnostic::new(INVALID_TEXT, message)
                    .at(span, "")
                    .help("AWS takes letters, digits, spaces and `_ . : / = + - @`"),
            );
        }
        let short = text.chars().count() <= most;
        if !short {
            self.push(
                Diagnostic::new(INVALID_TEXT, format!("{what} has at most {most} characters")).at(span, ""),
            );
        }
        wrong.is_none() && short
    }

    pub(super) fn estate_tags(&mut self) -> BTreeMap<String, String> {
        let mut tags = BTreeMap::new();
        self.merge_tags(&self.document.tags, &mut tags);
        tags
    }

    /// Lays the written tags over those that are there; `null` takes one away, `tags = null` all.
    pub(super) fn merge_tags(&mut self, setting: &Setting<Texts>, tags: &mut BTreeMap<String, String>) {
        let Some(setting) = setting else { return };
        let Some(texts) = &setting.value else {
            tags.clear();
            return;
        };
        for (key, text) in texts {
            if DERIVED_TAGS.contains(&key.value.as_str())
                || key.value.to_ascii_lowercase().starts_with("aws:")
            {
                self.push(
                    Diagnostic::new(
                        RESERVED_TAG,
                        format!("the tag `{}` is not for the input to set", key.value),
                    )
                    .at(key.span, "")
                    .help("delete it; it is derived (tags that begin with `aws:` are Amazon's)"),
                );
                continue;
            }
            if key.value.is_empty() {
                let diagnostic = Diagnostic::new(INVALID_TEXT, "the key of a tag is empty").at(key.span, "");
                self.push(diagnostic.help("AWS takes 1 to 128 characters"));
                continue;
            }
            self.check_tag_text(&key.value, key.span, "a tag's key", 128);
            match &text.value {
                Some(value) => {
                    self.check_tag_text(value, text.span, "a tag's value", TAG_VALUE);
                    tags.insert(key.value.clone(), value.clone());
                }
                None => {
                    tags.remove(&key.value);
                }
            }
        }
    }

    pub(super) fn backend(&mut self) -> Option<Backend> {
        let BackendStatement { kind, settings } = self.document.backend.as_ref()?;
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if kind.value.is_empty() || !kind.value.chars().all(word) {
            self.push(
                Diagnostic::new(WRONG_VALUE, "this is not a type of backend")
                    .at(kind.span, "")
                    .help("write one that Terraform has, such as `s3`, `gcs` or `azurerm`"),
            );
        }
        for (name, _) in settings {
            if STATE_KEYS.contains(&name.value.as_str()) {
                self.push(
                    Diagnostic::new(BACKEND_KEY, format!("`{}` is each root's own", name.value))
                        .at(name.span, "")
                        .help("delete it; every root gets a key of its own"),
                );
            }
            if SECRETS.contains(&name.value.as_str()) {
                self.push(
                    Diagnostic::new(SECRET, format!("`{}` is a secret", name.value))
                        .at(name.span, "")
                        .help("delete it and set it in the environment of Terraform"),
                );
            }
        }
        let settings =
            settings.iter().map(|(name, value)| (name.value.clone(), value.value.clone())).collect();
        Some(Backend { kind: kind.value.clone(), settings, span: kind.span })
    }

    pub(super) fn log_bucket(&mut self) -> Option<Spanned<String>> {
        let bucket = written(&self.document.log_bucket)?;
        let name = bucket.value.as_str();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
        let bare = name.strip_prefix("arn:aws:s3:::").unwrap_or(name);
        if !(3..=63).contains(&bare.len()) || !bare.chars().all(fits) {
            self.push(
                Diagnostic::new(INVALID_TEXT, "this is not the name of a bucket")
                    .at(bucket.span, "")
                    .help("3 to 63 lower-case letters, digits, `.` and `-`, or `arn:aws:s3:::` and that"),
            );
        }
        Some(Spanned { value: name.to_owned(), span: bucket.span })
    }

    pub(super) fn quotas(&mut self) -> BTreeMap<String, Spanned<u32>> {
        let mut quotas = BTreeMap::new();
        let Some(QuotasStatement { span, raised, why }) = &self.document.quotas else { return quotas };
        if why.as_ref().is_some_and(|why| why.trim().is_empty()) {
            self.push(
                Diagnostic::new(INVALID_TEXT, "`quotas` gives no reason")
                    .at(*span, "")
                    .help("say in `why` when AWS raised them, or for whom"),
            );
        }
        for (name, value) in raised {
            if let Some(known) = quota(&name.value) {
                self.check_raised(known, *value);
                quotas.insert(name.value.clone(), *value);
                continue;
            }
            let diagnostic = Diagnostic::new(UNKNOWN_QUOTA, format!("there is no quota `{}`", name.value))
                .at(name.span, "");
            self.push(match did_you_mean(&name.value, QUOTAS.iter().map(|quota| quota.name)) {
                Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
                None => {
                    let names: Vec<&str> = QUOTAS.iter().map(|quota| quota.name).collect();
                    diagnostic.help(format!("there are `{}`", names.join("`, `")))
                }
            });
        }
        quotas
    }

    /// What AWS raises for nobody would pass here and fail at apply.
    fn check_raised(&mut self, quota: &Quota, value: Spanned<u32>) {
        let Some(most) = quota.most.filter(|_| !quota.can_be(value.value as usize)) else { return };
        let message = if most == quota.default {
            format!("AWS raises `{}` for nobody: it is {most}", quota.name)
        } else {
            format!("AWS raises `{}` to {most} at most, not to {}", quota.name, value.value)
        };
        self.push(
            Diagnostic::new(OUT_OF_RANGE, message).at(value.span, "").help(format!("write {most} or less")),
        );
    }

    pub(super) fn accepts(&mut self) -> Vec<Accept> {
        let mut accepts = Vec::new();
        for AcceptStatement { code, on, why } in &self.document.accepts {
            let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if code.value.is_empty() || !code.value.chars().all(word) {
                self.push(
                    Diagnostic::new(WRONG_VALUE, "this is not the code of a finding")
                        .at(code.span, "")
                        .help("write it as it is printed: `error[the-code]`"),
                );
            }
            if why.as_ref().is_some_and(|why| why.trim().is_empty()) {
                self.push(
                    Diagnostic::new(INVALID_TEXT, format!("`accept {:?}` gives no reason", code.value))
                        .at(code.span, "")
                        .help("say in `why` what makes this a choice"),
                );
            }
            let on = on.iter().filter_map(|object| self.object(object)).collect();
            accepts.push(Accept { code: code.clone(), on, why: why.clone().unwrap_or_default() });
        }
        let key = |accept: &Accept| {
            let on: Vec<String> = accept.on.iter().map(|on| on.value.clone()).collect();
            (accept.code.value.clone(), on, accept.why.clone())
        };
        accepts.sort_by_key(key);
        accepts
    }

    /// An object of an acceptance, as references are written. Only what the input names is looked up.
    fn object(&mut self, object: &Spanned<Operand<String>>) -> Option<Spanned<String>> {
        let reference = match &object.value {
            Operand::Literal(text) => return Some(Spanned { value: text.clone(), span: object.span }),
            Operand::Reference(reference) => reference,
        };
        self.known_object(reference, object.span);
        Some(Spanned { value: reference.to_string(), span: object.span })
    }

    fn known_object(&mut self, reference: &Reference, span: Span) {
        let names = self.names;
        let Reference(parts) = reference;
        let [kind, name, ..] = parts.as_slice() else { return };
        match kind.as_str() {
            "pool" if names.pools.id(name).is_none() => self.unknown(kind, name, names.pools.names(), span),
            "reserved" if names.reserved.id(name).is_none() => {
                self.unknown(kind, name, names.reserved.names(), span)
            }
            "hub" if names.hubs.id(name).is_none() => self.unknown(kind, name, names.hubs.names(), span),
            "site" if names.sites.id(name).is_none() => self.unknown(kind, name, names.sites.names(), span),
            "segment" if names.segments.id(name).is_none() => {
                self.unknown(kind, name, names.segments.names(), span)
            }
            "layout" if names.layouts.id(name).is_none() => {
                self.unknown(kind, name, names.layouts.names(), span)
            }
            "environment" if names.environments.id(name).is_none() => {
                self.unknown(kind, name, names.environments.names(), span);
            }
            "team" if names.teams.id(name).is_none() => self.unknown(kind, name, names.teams.names(), span),
            _ => {}
        }
    }

    pub(super) fn accounts(&mut self) -> Vec<(String, Account)> {
        let mut accounts = Vec::new();
        for statement in &self.document.accounts {
            let id = written(&statement.id);
            if let Some(id) = id
                && !(id.value.len() == 12 && id.value.bytes().all(|byte| byte.is_ascii_digit()))
            {
                self.push(
                    Diagnostic::new(INVALID_TEXT, format!("`{}` is not the id of an account", id.value))
                        .at(id.span, "")
                        .help("an id has twelve digits and stands in quotes; without `id` it becomes a variable"),
                );
            }
            let role = written(&statement.role);
            if let Some(role) = role {
                let fits = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-/".contains(c);
                if role.value.is_empty() || role.value.len() > 512 || !role.value.chars().all(fits) {
                    self.push(
                        Diagnostic::new(INVALID_TEXT, "this is not the name of a role")
                            .at(role.span, "")
                            .help("write its name, with its path if it has one, not its ARN"),
                    );
                }
            }
            let account = Account {
                entity: entity(&statement.header),
                id: id.map(|id| id.value.clone()),
                role: role.map(|role| role.value.clone()),
            };
            accounts.push((account.entity.name.clone(), account));
        }
        accounts
    }
}
