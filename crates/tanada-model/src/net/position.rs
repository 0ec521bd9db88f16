use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::Block;

/// A place in a range, independent of where the range lies: the `index`-th block of prefix length `len`.
///
/// The prefix length is absolute (that of the block itself, not a number of new bits), so `/20#5` means
/// `cidrsubnet(range, 20 - len(range), 5)`. When a range moves, positions in it hold.
///
/// ```
/// use tanada_model::net::{Block, Position};
///
/// let pool: Block = "10.64.0.0/11".parse().unwrap();
/// let position: Position = "/20#5".parse().unwrap();
/// assert_eq!(position.within(pool).unwrap().to_string(), "10.64.80.0/20");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// Prefix length of the block at this position, 0 to 32.
    pub len: u8,
    /// Which of the range's blocks of that length, from 0.
    pub index: u32,
}

/// Why a text is not a [`Position`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not a position such as `/20#5`")]
pub struct PositionError(pub String);

impl Position {
    /// The position of `block` in `range`; `None` when it does not lie in it.
    pub fn of(block: Block, range: Block) -> Option<Self> {
        let shift = 32 - u32::from(block.prefix_len());
        let index = || (block.first() - range.first()).checked_shr(shift).unwrap_or(0);
        range.contains(block).then(|| Self { len: block.prefix_len(), index: index() })
    }

    /// The block at this position of `range`; `None` when the position lies beyond its end or is larger than it.
    pub fn within(self, range: Block) -> Option<Block> {
        range.part(self.len, self.index)
    }

    /// Offset of the first address from the start of the range, in addresses. The order of a lock's lines.
    pub fn offset(self) -> u64 {
        u64::from(self.index) << (32 - self.len.min(32))
    }
}

impl PartialOrd for Position {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// By offset, then the larger block first.
impl Ord for Position {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.offset(), self.len).cmp(&(other.offset(), other.len))
    }
}

impl FromStr for Position {
    type Err = PositionError;

    fn from_str(text: &str) -> Result<Self, PositionError> {
        let parse = || {
            let (len, index) = text.strip_prefix('/')?.split_once('#')?;
            let (len, index): (u8, u32) = (len.parse().ok()?, index.parse().ok()?);
            let position = Self { len, index };
            // One text for one position: `/020#5` and `/20#+5` are refused; so is an index that no range can hold.
            (len <= 32 && position.to_string() == text && position.offset() < 1 << 32).then_some(position)
        };
        parse().ok_or_else(|| PositionError(text.to_owned()))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}#{}", self.len, self.index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        for text in ["/0#0", "/20#5", "/32#4294967295"] {
            assert_eq!(text.parse::<Position>().unwrap().to_string(), text);
        }
        for text in ["", "/20", "20#5", "/020#5", "/20#+5", "/33#0", "/8#256", "/20#5 "] {
            assert!(text.parse::<Position>().is_err(), "{text}");
        }
    }

    #[test]
    fn of_and_within_are_inverse() {
        let range: Block = "10.64.0.0/11".parse().unwrap();
        for text in ["10.64.0.0/11", "10.64.80.0/20", "10.95.255.255/32"] {
            let block: Block = text.parse().unwrap();
            assert_eq!(Position::of(block, range).unwrap().within(range), Some(block));
        }
        assert_eq!(Position::of("10.0.0.0/8".parse().unwrap(), range), None);
        assert_eq!(Position { len: 20, index: 512 }.within(range), None);
    }
}
