use super::Name;

const SLOTS: usize = 1024;

/// Shares the names and texts of the files of a module, most of which repeat: `cidr`, `tcp`, `allow`.
///
/// A table that forgets: a name that meets another one in its slot takes its place. Looking up is then one comparison.
pub(crate) struct Names {
    slots: Vec<Option<Name>>,
}

impl Names {
    pub(crate) fn new() -> Self {
        Self { slots: vec![None; SLOTS] }
    }

    pub(crate) fn share(&mut self, text: &str) -> Name {
        let slot = self.slots.get_mut(slot_of(text.as_bytes()));
        let Some(slot) = slot else { return text.into() };
        match slot {
            Some(name) if **name == *text => name.clone(),
            Some(_) | None => {
                let name = Name::from(text);
                *slot = Some(name.clone());
                name
            }
        }
    }
}

/// Eight bytes at a time; which names meet matters little.
fn slot_of(text: &[u8]) -> usize {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let (words, rest) = text.as_chunks::<8>();
    let mut hash = text.len() as u64;
    for word in words {
        hash = (hash ^ u64::from_le_bytes(*word)).wrapping_mul(ODD).rotate_left(29);
    }
    let last = rest.iter().fold(0_u64, |word, byte| (word << 8) | u64::from(*byte));
    hash = (hash ^ last).wrapping_mul(ODD);
    usize::try_from(hash >> 54).unwrap_or(0) % SLOTS
}
