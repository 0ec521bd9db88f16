use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An IPv4 CIDR block, always aligned to its own size.
///
/// INVARIANT: no host bit is set; there is no way to build a block that has one. Ordered by first address, then
/// the larger block first, which is the order in which a tree is walked from the left.
///
/// ```
/// use tanada_model::net::Block;
///
/// let block: Block = "10.1.32.0/19".parse().unwrap();
/// assert_eq!(block.size(), 8192);
/// assert_eq!(block.buddy().unwrap().to_string(), "10.1.0.0/19");
/// assert!("10.1.32.1/19".parse::<Block>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Block(Ipv4Net);

/// Why a text is not a [`Block`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BlockError {
    /// Not `a.b.c.d/n`.
    #[error("`{0}` is not a CIDR block such as `10.0.0.0/8`")]
    Syntax(String),
    /// An octet such as `010`, which some programs read as octal.
    #[error("`{0}` has a number with leading zeros")]
    LeadingZero(String),
    /// The address lies inside the block, not at its start.
    #[error("`{text}` has host bits set; the block is `{block}`")]
    HostBits {
        /// What was written.
        text: String,
        /// The block that holds it.
        block: Block,
    },
}

impl Block {
    /// The block of prefix length `len` (0 to 32) that holds `address`; a longer length counts as 32.
    pub fn containing(address: Ipv4Addr, len: u8) -> Self {
        Self(Ipv4Net::new_assert(address, len.min(32)).trunc())
    }

    /// The first address.
    pub fn address(self) -> Ipv4Addr {
        self.0.network()
    }

    /// Prefix length, 0 to 32.
    pub fn prefix_len(self) -> u8 {
        self.0.prefix_len()
    }

    /// Whether this is `0.0.0.0/0`, the whole of IPv4. (A block is never without addresses.)
    pub fn is_everything(self) -> bool {
        self.prefix_len() == 0
    }

    /// Number of addresses, 1 to 2^32.
    pub fn size(self) -> u64 {
        1 << (32 - self.prefix_len())
    }

    /// The first address as a number.
    pub fn first(self) -> u32 {
        self.0.network().into()
    }

    /// The last address as a number.
    pub fn last(self) -> u32 {
        self.0.broadcast().into()
    }

    /// Whether every address of `other` is in this block; a block contains itself.
    pub fn contains(self, other: Self) -> bool {
        self.0.contains(&other.0)
    }

    /// Whether the two have an address in common. Aligned blocks do only when one contains the other.
    pub fn overlaps(self, other: Self) -> bool {
        self.contains(other) || other.contains(self)
    }

    /// The other half of the parent; `None` for `0.0.0.0/0`.
    pub fn buddy(self) -> Option<Self> {
        let bit = 1_u32.checked_shl(32 - u32::from(self.prefix_len()))?;
        Some(Self::containing((self.first() ^ bit).into(), self.prefix_len()))
    }

    /// The block twice as large that holds this one; `None` for `0.0.0.0/0`.
    pub fn parent(self) -> Option<Self> {
        self.0.supernet().map(Self)
    }

    /// The two halves; `None` for a /32.
    pub fn halves(self) -> Option<[Self; 2]> {
        let low = self.part(self.prefix_len().checked_add(1)?, 0)?;
        Some([low, low.buddy()?])
    }

    /// The `index`-th block of prefix length `len` inside this one: Terraform's `cidrsubnet(self, len - self.prefix_len(), index)`.
    /// `None` when `len` is shorter than this block's or over 32, or the index lies beyond the end.
    pub fn part(self, len: u8, index: u32) -> Option<Self> {
        if len < self.prefix_len() || len > 32 {
            return None;
        }
        let offset = u64::from(index) << (32 - len);
        let address = (offset < self.size()).then(|| self.first() + offset as u32)?;
        Some(Self::containing(address.into(), len))
    }
}

impl FromStr for Block {
    type Err = BlockError;

    fn from_str(text: &str) -> Result<Self, BlockError> {
        let syntax = || BlockError::Syntax(text.to_owned());
        let (address, len) = text.split_once('/').ok_or_else(syntax)?;
        let numbers = || address.split('.').chain([len]);
        if numbers().any(|n| n.is_empty() || n.len() > 3 || !n.bytes().all(|b| b.is_ascii_digit())) {
            return Err(syntax());
        }
        if numbers().any(|n| n.len() > 1 && n.starts_with('0')) {
            return Err(BlockError::LeadingZero(text.to_owned()));
        }
        let net: Ipv4Net = text.parse().map_err(|_| syntax())?;
        let block = Self(net.trunc());
        if net.addr() == block.address() {
            Ok(block)
        } else {
            Err(BlockError::HostBits { text: text.to_owned(), block })
        }
    }
}

impl TryFrom<String> for Block {
    type Error = BlockError;

    fn try_from(text: String) -> Result<Self, BlockError> {
        text.parse()
    }
}

impl From<Block> for String {
    fn from(block: Block) -> Self {
        block.to_string()
    }
}

/// `10.1.0.0/16`, digit by digit: trees and pages are full of blocks, and the way through `Ipv4Addr` is long.
impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b' '; "255.255.255.255/32 ".len()];
        let mut places = text.iter_mut();
        let mut put = |byte| {
            if let Some(place) = places.next() {
                *place = byte;
            }
        };
        for (number, after) in self.address().octets().into_iter().chain([self.prefix_len()]).zip(*b".../ ") {
            for (least, place) in [(100, 100), (10, 10), (0, 1)] {
                if number >= least {
                    put(b'0' + number / place % 10);
                }
            }
            put(after);
        }
        f.write_str(str::from_utf8(&text).unwrap_or_default().trim_end())
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_as_text() {
        for text in ["0.0.0.0/0", "10.100.9.0/24", "172.16.0.0/12", "192.168.20.105/32", "255.255.255.255/32"]
        {
            assert_eq!(text.parse::<Block>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn texts_that_are_no_block() {
        let error = |text: &str| text.parse::<Block>().unwrap_err().to_string();
        assert_eq!(error("10.0.0.0"), "`10.0.0.0` is not a CIDR block such as `10.0.0.0/8`");
        assert_eq!(error("010.0.0.0/8"), "`010.0.0.0/8` has a number with leading zeros");
        assert_eq!(error("10.64.0.5/14"), "`10.64.0.5/14` has host bits set; the block is `10.64.0.0/14`");
        assert_eq!(error("10.0.0.0/08"), "`10.0.0.0/08` has a number with leading zeros");
        for text in [
            "",
            "/",
            "10.0.0.0/33",
            "10.0.0/8",
            "10.0.0.0.0/8",
            "256.0.0.0/8",
            "::/0",
            "10.0.0.0/+8",
            " 10.0.0.0/8",
        ] {
            assert!(matches!(text.parse::<Block>(), Err(BlockError::Syntax(_))), "{text}");
        }
    }

    #[test]
    fn the_ends_of_the_tree() {
        let everything: Block = "0.0.0.0/0".parse().unwrap();
        assert_eq!((everything.buddy(), everything.parent(), everything.size()), (None, None, 1 << 32));
        let last: Block = "255.255.255.255/32".parse().unwrap();
        assert_eq!(
            (last.halves(), last.buddy().unwrap().to_string()),
            (None, "255.255.255.254/32".to_owned())
        );
        assert_eq!(everything.part(32, u32::MAX), Some(last));
        assert_eq!(last.part(32, 1), None);
    }
}
