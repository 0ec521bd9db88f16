//! Lists of `{ … }`, and what stands in one.

use std::collections::BTreeMap;
use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey};

use super::super::name::is_label;
use super::super::{ClaimState, VpcName};
use super::error::LockErrorKind as Kind;
use super::read::{Read, Reader};

/// One `{ … }` of a list: values by name, each looked at once.
pub(super) struct Item<'a> {
    pub(super) span: Range<usize>,
    pub(super) values: BTreeMap<&'a str, &'a Expression>,
}

impl Reader<'_> {
    pub(super) fn items<'e>(&self, attribute: &str, value: &'e Expression) -> Read<Vec<Item<'e>>> {
        let Some(array) = value.as_array() else {
            return self.value(attribute, "a list", value.span().unwrap_or_default());
        };
        array.iter().map(|item| self.item(attribute, item)).collect()
    }

    fn item<'e>(&self, attribute: &str, value: &'e Expression) -> Read<Item<'e>> {
        let span = value.span().unwrap_or_default();
        let Some(object) = value.as_object() else {
            return self.value(attribute, "a list of `{ … }`", span);
        };
        let mut values = BTreeMap::new();
        for (key, value) in object.iter() {
            let name = match key {
                ObjectKey::Ident(name) => name.as_str(),
                ObjectKey::Expression(_) => return self.unknown("(…)", "an entry", span),
            };
            values.insert(name, value.expr());
        }
        Ok(Item { span, values })
    }

    /// Complains of what nobody asked for.
    pub(super) fn end(&self, item: Item<'_>, place: &'static str) -> Read<()> {
        match item.values.into_iter().next() {
            None => Ok(()),
            Some((name, value)) => self.unknown(name, place, value.span().unwrap_or(item.span)),
        }
    }

    pub(super) fn value<T>(&self, attribute: &str, expected: &'static str, span: Range<usize>) -> Read<T> {
        self.error(Kind::Value { attribute: attribute.to_owned(), expected }, span)
    }

    pub(super) fn vpc(&self, item: &mut Item<'_>) -> Read<VpcName> {
        match self.text_of(item, "vpc")?.parse() {
            Ok(vpc) => Ok(vpc),
            Err(()) => self.value("vpc", "`team/label`", item.span.clone()),
        }
    }

    pub(super) fn label_text(&self, attribute: &str, text: &str, span: Range<usize>) -> Read<String> {
        if is_label(text) { Ok(text.to_owned()) } else { self.value(attribute, "a label", span) }
    }

    pub(super) fn text_of(&self, item: &mut Item<'_>, name: &'static str) -> Read<String> {
        match item.values.remove(name) {
            None => self.error(Kind::Missing(name), item.span.clone()),
            Some(value) => match value.as_str() {
                Some(text) => Ok(text.to_owned()),
                None => self.value(name, "text", value.span().unwrap_or_default()),
            },
        }
    }

    pub(super) fn required<T: TryFrom<u64>>(
        &self,
        item: &mut Item<'_>,
        name: &'static str,
        max: u64,
    ) -> Read<T> {
        if item.values.contains_key(name) {
            self.number(item, name, 0, max)
        } else {
            self.error(Kind::Missing(name), item.span.clone())
        }
    }

    pub(super) fn number<T: TryFrom<u64>>(
        &self,
        item: &mut Item<'_>,
        name: &'static str,
        usual: u64,
        max: u64,
    ) -> Read<T> {
        let value = item.values.remove(name);
        let number = match value {
            None => Some(usual),
            Some(value) => value.as_number().and_then(hcl_edit::Number::as_u64).filter(|&n| n <= max),
        };
        match number.and_then(|n| T::try_from(n).ok()) {
            Some(number) => Ok(number),
            None => {
                let span = value.and_then(hcl_edit::Span::span).unwrap_or_default();
                self.value(name, "a whole number in its range", span)
            }
        }
    }

    pub(super) fn state(&self, item: &mut Item<'_>) -> Read<ClaimState> {
        match item.values.remove("state").map(|value| (value.as_str(), value.span())) {
            None | Some((Some("live"), _)) => Ok(ClaimState::Live),
            Some((Some("retired"), _)) => Ok(ClaimState::Retired),
            Some((_, span)) => self.value("state", "`live` or `retired`", span.unwrap_or_default()),
        }
    }
}
