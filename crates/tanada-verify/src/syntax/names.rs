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
        let hash = text
            .bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let slot = self.slots.get_mut((hash ^ (hash >> 16)) as usize % SLOTS);
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
