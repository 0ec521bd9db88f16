//! What a rule speaks about: protocols and destination ports.

use std::fmt;

use tanada_model::design::{Ports, Protocol};

/// Protocol and destination ports of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::derive) enum Service {
    /// Every protocol.
    All,
    /// TCP to these ports, both ends included.
    Tcp(u16, u16),
    /// UDP to these ports, both ends included.
    Udp(u16, u16),
    /// ICMP, every type and code.
    Icmp,
}

/// First of the ports that answers go to.
pub(super) const FIRST_CLIENT_PORT: u16 = 1024;

impl Service {
    /// From what a person wrote.
    pub(super) fn of(ports: Ports) -> Self {
        match ports {
            Ports::All => Self::All,
            Ports::Icmp | Ports::Range { protocol: Protocol::Icmp, from: _, to: _ } => Self::Icmp,
            Ports::Range { protocol: Protocol::Tcp, from, to } => Self::Tcp(from, to),
            Ports::Range { protocol: Protocol::Udp, from, to } => Self::Udp(from, to),
        }
    }

    /// What was written, all protocols where nothing was; sorted, each once, without what another one covers.
    pub(super) fn all_of(ports: &[Ports]) -> Vec<Self> {
        if ports.is_empty() {
            return vec![Self::All];
        }
        let mut services: Vec<Self> = ports.iter().copied().map(Self::of).collect();
        services.sort();
        services.dedup();
        let covered = |s: &Self| services.iter().any(|other| other != s && other.covers(*s));
        let kept: Vec<Self> = services.iter().copied().filter(|s| !covered(s)).collect();
        kept
    }

    /// The answers to connections that these services open.
    pub(super) fn answers(services: &[Self]) -> Vec<Self> {
        let any = |f: fn(&Self) -> bool| services.iter().any(f);
        let tcp = any(|s| matches!(s, Self::All | Self::Tcp(..)));
        let udp = any(|s| matches!(s, Self::All | Self::Udp(..)));
        let icmp = any(|s| matches!(s, Self::Icmp));
        [
            (tcp, Self::Tcp(FIRST_CLIENT_PORT, u16::MAX)),
            (udp, Self::Udp(FIRST_CLIENT_PORT, u16::MAX)),
            (icmp, Self::Icmp),
        ]
        .into_iter()
        .filter_map(|(wanted, service)| wanted.then_some(service))
        .collect()
    }

    /// Whether every packet of `other` is one of this.
    pub(super) fn covers(self, other: Self) -> bool {
        match (self, other) {
            (Self::All, _) | (Self::Icmp, Self::Icmp) => true,
            (Self::Tcp(a, b), Self::Tcp(c, d)) | (Self::Udp(a, b), Self::Udp(c, d)) => a <= c && d <= b,
            (Self::Tcp(..) | Self::Udp(..) | Self::Icmp, _) => false,
        }
    }

    /// Whether some packet is one of both.
    pub(super) fn overlaps(self, other: Self) -> bool {
        match (self, other) {
            (Self::All, _) | (_, Self::All) | (Self::Icmp, Self::Icmp) => true,
            (Self::Tcp(a, b), Self::Tcp(c, d)) | (Self::Udp(a, b), Self::Udp(c, d)) => a <= d && c <= b,
            (Self::Tcp(..) | Self::Udp(..) | Self::Icmp, _) => false,
        }
    }

    /// What of this is not in `other`. INVARIANT: this is not [`Service::All`], of which a part cannot be written;
    /// then it is left whole.
    pub(super) fn minus(self, other: Self) -> Vec<Self> {
        let cut = |make: fn(u16, u16) -> Self, (a, b): (u16, u16), (c, d): (u16, u16)| {
            let low = c.checked_sub(1).filter(|&end| a <= end).map(|end| make(a, end.min(b)));
            let high = d.checked_add(1).filter(|&start| start <= b).map(|start| make(start.max(a), b));
            low.into_iter().chain(high).collect()
        };
        if other.covers(self) {
            return Vec::new();
        }
        if !self.overlaps(other) {
            return vec![self];
        }
        match (self, other) {
            (Self::Tcp(a, b), Self::Tcp(c, d)) => cut(Self::Tcp, (a, b), (c, d)),
            (Self::Udp(a, b), Self::Udp(c, d)) => cut(Self::Udp, (a, b), (c, d)),
            (Self::All | Self::Tcp(..) | Self::Udp(..) | Self::Icmp, _) => vec![self],
        }
    }

    /// What of `services` is in none of `others`.
    pub(super) fn all_minus(services: Vec<Self>, others: impl IntoIterator<Item = Self>) -> Vec<Self> {
        others
            .into_iter()
            .fold(services, |left, other| left.into_iter().flat_map(|s| s.minus(other)).collect())
    }

    /// Protocol and ports as a rule of the plan has them.
    pub(super) fn parts(self) -> (Option<Protocol>, Option<(u16, u16)>) {
        match self {
            Self::All => (None, None),
            Self::Tcp(a, b) => (Some(Protocol::Tcp), Some((a, b))),
            Self::Udp(a, b) => (Some(Protocol::Udp), Some((a, b))),
            Self::Icmp => (Some(Protocol::Icmp), None),
        }
    }
}

/// As the input writes it.
impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Tcp(a, b) if a == b => write!(f, "tcp/{a}"),
            Self::Tcp(a, b) => write!(f, "tcp/{a}-{b}"),
            Self::Udp(a, b) if a == b => write!(f, "udp/{a}"),
            Self::Udp(a, b) => write!(f, "udp/{a}-{b}"),
            Self::Icmp => f.write_str("icmp"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Service::{All, Icmp, Tcp, Udp};
    use super::*;

    #[test]
    fn parts_that_are_left() {
        assert_eq!(Tcp(1024, 65535).minus(Tcp(3389, 3389)), [Tcp(1024, 3388), Tcp(3390, 65535)]);
        assert_eq!(Tcp(0, 10).minus(Tcp(0, 5)), [Tcp(6, 10)]);
        assert_eq!(Tcp(5, 65535).minus(Tcp(10, 65535)), [Tcp(5, 9)]);
        assert_eq!(Tcp(5, 9).minus(Tcp(20, 30)), [Tcp(5, 9)]);
        assert_eq!(Tcp(5, 9).minus(Udp(5, 9)), [Tcp(5, 9)]);
        assert_eq!(Udp(5, 9).minus(All), []);
        assert_eq!(Icmp.minus(Icmp), []);
    }

    #[test]
    fn answers_follow_the_protocols() {
        assert_eq!(Service::answers(&[All]), [Tcp(1024, 65535), Udp(1024, 65535)]);
        assert_eq!(Service::answers(&[Tcp(1, 1), Icmp]), [Tcp(1024, 65535), Icmp]);
        assert_eq!(Service::answers(&[Udp(53, 53)]), [Udp(1024, 65535)]);
    }
}
