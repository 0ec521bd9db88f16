use std::fmt;

use crate::network::Traffic;

/// Ports, as disjoint intervals that do not touch, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ports(Vec<(u16, u16)>);

impl Ports {
    /// Every port.
    pub fn all() -> Self {
        Self(vec![(0, u16::MAX)])
    }

    /// From `first` to `last`, both included; none when `last` lies before `first`.
    pub fn range(first: u16, last: u16) -> Self {
        Self(if first <= last { vec![(first, last)] } else { Vec::new() })
    }

    /// The intervals.
    pub fn intervals(&self) -> &[(u16, u16)] {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a port is among them.
    pub fn contains(&self, port: u16) -> bool {
        let after = self.0.partition_point(|&(first, _)| first <= port);
        after.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|&(_, last)| port <= last)
    }

    /// Ports of both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut both = Vec::new();
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(&&(first, last)), Some(&&(other_first, other_last))) = (a.peek(), b.peek()) {
            let (low, high) = (first.max(other_first), last.min(other_last));
            if low <= high {
                both.push((low, high));
            }
            if last <= other_last {
                a.next();
            } else {
                b.next();
            }
        }
        Self(both)
    }

    /// Ports of either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let mut all: Vec<(u16, u16)> = self.0.iter().chain(&other.0).copied().collect();
        all.sort_unstable();
        let mut either: Vec<(u16, u16)> = Vec::with_capacity(all.len());
        for (first, last) in all {
            match either.last_mut() {
                Some((_, end)) if u32::from(first) <= u32::from(*end) + 1 => *end = (*end).max(last),
                Some(_) | None => either.push((first, last)),
            }
        }
        Self(either)
    }

    /// Ports of this that are not of `other`.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        for &(first, last) in &self.0 {
            let mut next = Some(first);
            for &(cut, end) in other.0.iter().filter(|(cut, end)| *cut <= last && first <= *end) {
                if let Some(start) = next
                    && start < cut
                {
                    left.push((start, cut - 1));
                }
                next = end.checked_add(1);
            }
            if let Some(start) = next
                && start <= last
            {
                left.push((start, last));
            }
        }
        Self(left)
    }
}

/// What packets may carry: an exact set of protocols and destination ports. Equal sets are equal values.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Services {
    /// Destination ports of TCP.
    pub tcp: Ports,
    /// Destination ports of UDP.
    pub udp: Ports,
    /// ICMP, every type and code.
    pub icmp: bool,
    /// Every other protocol.
    pub other: bool,
}

/// Ports that clients send from, and answers go to.
pub const CLIENT_PORTS: (u16, u16) = (1024, u16::MAX);

impl Services {
    /// Every packet.
    pub fn all() -> Self {
        Self { tcp: Ports::all(), udp: Ports::all(), icmp: true, other: true }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        let Self { tcp, udp, icmp, other } = self;
        tcp.is_empty() && udp.is_empty() && !icmp && !other
    }

    /// Packets of both.
    #[must_use]
    pub fn and(&self, with: &Self) -> Self {
        let Self { tcp, udp, icmp, other } = with;
        Self {
            tcp: self.tcp.and(tcp),
            udp: self.udp.and(udp),
            icmp: self.icmp && *icmp,
            other: self.other && *other,
        }
    }

    /// Packets of either.
    #[must_use]
    pub fn or(&self, with: &Self) -> Self {
        let Self { tcp, udp, icmp, other } = with;
        Self {
            tcp: self.tcp.or(tcp),
            udp: self.udp.or(udp),
            icmp: self.icmp || *icmp,
            other: self.other || *other,
        }
    }

    /// Packets of this that are not of `without`.
    #[must_use]
    pub fn minus(&self, without: &Self) -> Self {
        let Self { tcp, udp, icmp, other } = without;
        Self {
            tcp: self.tcp.minus(tcp),
            udp: self.udp.minus(udp),
            icmp: self.icmp && !*icmp,
            other: self.other && !*other,
        }
    }

    /// Of packets that open connections those whose answers come back: of a protocol of which `back` lets no client port
    /// pass, none. A flow exists for each of them.
    #[must_use]
    pub fn answered_by(&self, back: &Self) -> Self {
        let client = Ports::range(CLIENT_PORTS.0, CLIENT_PORTS.1);
        let ports = |own: &Ports, back: &Ports| {
            if back.and(&client).is_empty() { Ports::default() } else { own.clone() }
        };
        Self {
            tcp: ports(&self.tcp, &back.tcp),
            udp: ports(&self.udp, &back.udp),
            icmp: self.icmp && back.icmp,
            other: self.other && back.other,
        }
    }

    /// Answers to connections on these services, as rules can say it: client ports of their protocols.
    #[must_use]
    pub fn answers(&self) -> Self {
        let client = |own: &Ports| {
            if own.is_empty() { Ports::default() } else { Ports::range(CLIENT_PORTS.0, CLIENT_PORTS.1) }
        };
        Self { tcp: client(&self.tcp), udp: client(&self.udp), icmp: self.icmp, other: self.other }
    }

    /// Whether a packet is among them: the number of its protocol, and its destination port.
    pub fn contains(&self, protocol: u8, port: u16) -> bool {
        match protocol {
            6 => self.tcp.contains(port),
            17 => self.udp.contains(port),
            1 => self.icmp,
            _ => self.other,
        }
    }
}

impl From<Traffic> for Services {
    fn from(traffic: Traffic) -> Self {
        match traffic {
            Traffic::All => Self::all(),
            Traffic::Tcp(first, last) => Self { tcp: Ports::range(first, last), ..Self::default() },
            Traffic::Udp(first, last) => Self { udp: Ports::range(first, last), ..Self::default() },
            Traffic::Icmp => Self { icmp: true, ..Self::default() },
            Traffic::Other => Self { other: true, ..Self::default() },
        }
    }
}

/// As the input writes ports: `tcp/443, udp/1024-65535, icmp`; `all`, `nothing`.
impl fmt::Display for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::all() {
            return f.write_str("all");
        }
        let Self { tcp, udp, icmp, other } = self;
        let mut words: Vec<String> = Vec::new();
        for (name, ports) in [("tcp", tcp), ("udp", udp)] {
            words.extend(ports.0.iter().map(|&(first, last)| {
                if first == last { format!("{name}/{first}") } else { format!("{name}/{first}-{last}") }
            }));
        }
        words.extend(icmp.then(|| "icmp".to_owned()));
        words.extend(other.then(|| "other protocols".to_owned()));
        f.write_str(if words.is_empty() { "nothing" } else { "" })?;
        f.write_str(&words.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports(list: &[(u16, u16)]) -> Ports {
        list.iter().fold(Ports::default(), |all, &(a, b)| all.or(&Ports::range(a, b)))
    }

    #[test]
    fn ports_are_sets() {
        let some = ports(&[(10, 20), (30, 40), (21, 22)]);
        assert_eq!(some.intervals(), [(10, 22), (30, 40)]);
        assert_eq!(some.minus(&ports(&[(0, 10), (15, 32)])).intervals(), [(11, 14), (33, 40)]);
        assert_eq!(some.and(&ports(&[(22, 30), (39, 50)])).intervals(), [(22, 22), (30, 30), (39, 40)]);
        assert_eq!(Ports::all().minus(&Ports::range(0, u16::MAX)), Ports::default());
        assert_eq!(Ports::all().minus(&ports(&[(0, 0), (65535, 65535)])).intervals(), [(1, 65534)]);
        assert!(some.contains(22) && !some.contains(23) && !some.contains(0));
    }

    #[test]
    fn services_read_like_the_input() {
        let some = Services { tcp: ports(&[(443, 443), (8000, 8080)]), icmp: true, ..Services::default() };
        assert_eq!(some.to_string(), "tcp/443, tcp/8000-8080, icmp");
        assert_eq!(Services::all().to_string(), "all");
        assert_eq!(Services::default().to_string(), "nothing");
    }
}
