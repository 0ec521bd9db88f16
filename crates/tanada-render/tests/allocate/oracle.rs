//! A second allocator, written naively and differently: bitmaps over small address spaces instead of trees of nodes.

use tanada_model::lock::Lock;
use tanada_model::net::Block;
use tanada_render::allocate::{Consent, allocate};

use crate::builder::{Estate, PoolSpec, estate, layout, pinned, tier, vpc};
use crate::random::{Random, amount};
use crate::rules::blocks;

/// Which /28s of a /20 are taken.
struct Bitmap(Vec<bool>);

/// A /28 of the bitmap.
const UNIT: u8 = 28;
const ROOT: &str = "10.64.0.0/20";

fn root() -> Block {
    ROOT.parse().unwrap()
}

impl Bitmap {
    fn new() -> Self {
        Self(vec![false; 1 << (UNIT - root().prefix_len())])
    }

    fn take(&mut self, start: usize, length: usize) {
        for bit in &mut self.0[start..start + length] {
            assert!(!*bit);
            *bit = true;
        }
    }

    fn free(&self, start: usize, length: usize) -> bool {
        !self.0[start..start + length].iter().any(|bit| *bit)
    }

    /// The aligned free start whose surrounding free node is the smallest; the lowest of equals.
    fn best_fit(&self, length: usize) -> Option<usize> {
        let mut best: Option<(usize, usize)> = None;
        for start in (0..self.0.len()).step_by(length) {
            if !self.free(start, length) {
                continue;
            }
            let mut node = length;
            while node * 2 <= self.0.len() && self.free(start / (node * 2) * (node * 2), node * 2) {
                node *= 2;
            }
            if best.is_none_or(|(size, _)| node < size) {
                best = Some((node, start));
            }
        }
        best.map(|(_, start)| start)
    }
}

fn length(len: u8) -> usize {
    1 << (UNIT - len)
}

fn block_at(start: usize, len: u8) -> Block {
    root()
        .part(UNIT, u32::try_from(start).unwrap())
        .map(|unit| Block::containing(unit.address(), len))
        .unwrap()
}

#[test]
fn blocks_are_where_a_bitmap_puts_them() {
    let mut random = Random(11);
    let mut refused = 0;
    for case in 0..amount("TANADA_ORACLE", 400) {
        let mut small: Estate = estate(ROOT);
        small.headroom = 0;
        small.layouts[0].tiers = vec![tier("all", "+0")];
        small.layouts[0].slots = 1;
        small.layouts[0].zones = vec!["a".to_owned()];
        let mut map = Bitmap::new();
        let mut pins = Vec::new();
        if random.chance(40) {
            let len = 24 + random.below(5) as u8;
            let start = random.below(1 << (len - 20)) * length(len);
            map.take(start, length(len));
            pins.push(pinned("pin", &block_at(start, len).to_string()));
        }
        let mut wanted: Vec<(u8, String)> =
            (0..random.below(14)).map(|n| (22 + random.below(7) as u8, format!("v{n}"))).collect();
        let mut specs: Vec<_> =
            wanted.iter().map(|(len, label)| vpc(label, "m3", *len)).chain(pins).collect();
        random.shuffle(&mut specs);
        small = small.with("t", specs);
        wanted.sort_by(|a, b| (a.0, format!("t-{}", a.1)).cmp(&(b.0, format!("t-{}", b.1))));
        let mut expected = Vec::new();
        for (len, label) in wanted {
            if let Some(start) = map.best_fit(length(len)) {
                map.take(start, length(len));
                expected.push(format!("t-{label} {}", block_at(start, len)));
            } else {
                expected.clear();
                break;
            }
        }
        let (result, findings) = allocate(&small.design(), &Lock::default(), &Consent::default());
        let Some((allocation, _)) = result else {
            refused += 1;
            assert!(
                expected.is_empty() && findings.iter().all(|finding| finding.code.name == "pool-full"),
                "{findings:#?}"
            );
            continue;
        };
        expected.sort();
        let mut found = blocks(&small, &allocation);
        found.retain(|text| !text.starts_with("t-pin"));
        found.sort();
        assert_eq!(found, expected, "case {case}");
        // What is free is what the bitmap has free.
        let free: u64 = allocation.pools[0].free.iter().map(|block| block.size()).sum();
        assert_eq!(free, map.0.iter().filter(|bit| !**bit).count() as u64 * 16);
    }
    assert!(refused > 0);
}

/// Rules 1 to 3 of the placement, over single units of the smallest node instead of intervals.
fn places(block: u8, tiers: &[(u8, u32)]) -> Option<Vec<usize>> {
    let smallest = tiers.iter().map(|(node, _)| *node).max()?;
    let mut map = vec![false; 1 << (smallest - block)];
    let mut starts = Vec::new();
    for &(node, slots) in tiers {
        let unit = 1_usize << (smallest - node);
        let length = unit * slots as usize;
        let grain = if slots.count_ones() == 1 { length } else { unit };
        let end = map.iter().rposition(|taken| *taken).map_or(0, |last| last + 1);
        let mut after = end;
        while after % grain != 0 {
            after += 1;
        }
        let fits = |start: usize| {
            start + length <= map.len() && !map[start..start + length].iter().any(|taken| *taken)
        };
        let start =
            if fits(after) { after } else { (0..map.len()).step_by(grain).find(|start| fits(*start))? };
        map[start..start + length].fill(true);
        starts.push(start / unit);
    }
    Some(starts)
}

#[test]
fn tiers_are_where_a_bitmap_puts_them() {
    let mut random = Random(12);
    let (mut fitted, mut refused) = (0, 0);
    for _ in 0..amount("TANADA_ORACLE", 400) {
        let slots = 1 + random.below(5) as u32;
        let bits: Vec<u8> = (0..1 + random.below(6)).map(|_| 2 + random.below(6) as u8).collect();
        let names: Vec<(String, String)> =
            bits.iter().enumerate().map(|(n, bits)| (format!("t{n}"), format!("+{bits}"))).collect();
        let names: Vec<(&str, &str)> =
            names.iter().map(|(name, size)| (name.as_str(), size.as_str())).collect();
        let mut small = estate("10.64.0.0/16");
        small.headroom = 0;
        small.layouts[0] = layout("service", &["a"], slots, &names);
        let small = small.with("t", [vpc("v", "m3", 20)]);
        let tiers: Vec<(u8, u32)> = bits.iter().map(|bits| (20 + bits, slots)).collect();
        let (result, _) = allocate(&small.design(), &Lock::default(), &Consent::default());
        match (result, places(20, &tiers)) {
            (Some((_, lock)), Some(expected)) => {
                fitted += 1;
                for (n, netnum) in expected.into_iter().enumerate() {
                    let place = lock.layouts["service"]
                        .tiers
                        .iter()
                        .find(|place| place.tier == format!("t{n}"))
                        .unwrap();
                    assert_eq!(place.netnum as usize, netnum, "{bits:?} {slots}");
                }
            }
            (None, None) => refused += 1,
            (found, expected) => panic!("{bits:?} {slots}: {} but {expected:?}", found.is_some()),
        }
    }
    assert!(fitted > 50 && refused > 50, "{fitted} {refused}");
}

/// Terraform's `cidrsubnets`: each block behind the last one, at the next multiple of its own size.
fn cidrsubnets(block: Block, newbits: &[u8]) -> Option<Vec<Block>> {
    let mut next = u64::from(block.first());
    let mut all = Vec::new();
    for bits in newbits {
        let size = block.size() >> bits;
        next = next.next_multiple_of(size);
        let part = u32::try_from((next - u64::from(block.first())) / size).ok()?;
        all.push(block.part(block.prefix_len() + bits, part)?);
        next += size;
    }
    Some(all)
}

#[test]
fn three_slots_are_cidrsubnets() {
    let mut random = Random(13);
    let mut compared = 0;
    for _ in 0..200 {
        // Growing numbers of bits, as people write them, so that `cidrsubnets` leaves no gap to fall back into.
        let mut bits: Vec<u8> = (0..1 + random.below(4)).map(|_| 3 + random.below(5) as u8).collect();
        bits.sort_unstable();
        let names: Vec<(String, String)> =
            bits.iter().enumerate().map(|(n, bits)| (format!("t{n}"), format!("+{bits}"))).collect();
        let names: Vec<(&str, &str)> =
            names.iter().map(|(name, size)| (name.as_str(), size.as_str())).collect();
        let mut small = estate("10.64.0.0/16");
        small.headroom = 0;
        small.layouts[0] = layout("service", &["a", "b", "c"], 3, &names);
        let small = small.with("t", [vpc("v", "m3", 20)]);
        let all: Vec<u8> = bits.iter().flat_map(|bits| [*bits; 3]).collect();
        let (result, _) = allocate(&small.design(), &Lock::default(), &Consent::default());
        let (Some((allocation, _)), Some(expected)) =
            (result, cidrsubnets("10.64.0.0/20".parse().unwrap(), &all))
        else {
            continue;
        };
        let tiers = &allocation.vpcs[0].blocks[0].tiers;
        let found: Vec<Block> =
            tiers.iter().flat_map(|tier| tier.subnets.iter().map(|subnet| subnet.cidr)).collect();
        assert_eq!(found, expected);
        compared += 1;
    }
    assert!(compared > 100, "{compared}");
}

/// Blocks fill at least nine tenths of a pool before the first refusal, with a quarter of them given back on the way.
#[test]
fn a_pool_is_well_filled_before_the_first_refusal() {
    for seed in 0..amount("TANADA_FILL", 3) {
        let mut random = Random(100 + seed as u64);
        let mut estate = estate("10.64.0.0/12");
        estate.headroom = 0;
        estate.pools[0].1 = PoolSpec::Root("10.64.0.0/12".to_owned());
        estate.layouts[0].tiers.truncate(1);
        estate = estate.with("t", []);
        let (mut lock, mut released, mut used) = (Lock::default(), 0_usize, 0.0_f64);
        for n in 0.. {
            let size = 16 + random.below(5) as u8;
            estate.teams[0].1.push(vpc(&format!("v{n}"), "m3", size));
            let (result, findings) = allocate(&estate.design(), &lock, &Consent::default());
            let Some((allocation, next)) = result else {
                assert_eq!(findings[0].code.name, "pool-full");
                break;
            };
            lock = next;
            let free: u64 = allocation.pools[0].free.iter().map(|block| block.size()).sum();
            used = 1.0 - free as f64 / f64::from(1 << 20);
            // A quarter goes again, at once, wherever it lies.
            if n % 4 == 3 {
                let at = random.below(estate.teams[0].1.len());
                let id = format!("t-{}", estate.teams[0].1.remove(at).label);
                let consent = crate::rules::consent("destroy", &id);
                lock = allocate(&estate.design(), &lock, &consent).0.unwrap().1;
                lock = tanada_render::allocate::release(&lock, &id).unwrap();
                released += 1;
            }
        }
        println!("first refusal at {:.1} % used, {released} released", used * 100.0);
        assert!(used >= 0.9, "{used}");
    }
}
