//! Network ACLs of a VPC: their rules, wherever these stand, and whose they are.

use std::sync::Arc;

use super::rows::{acl_rows, acl_rule, in_order};
use super::vpcs::Reader;
use super::{Acl, AclRow};
use crate::{Instance, Place, Value};

impl<'r> Reader<'r> {
    pub(super) fn acls(&mut self) {
        // Rows in and out of each ACL of this VPC, which are the last ones of the network.
        let first = self.network.acls.len();
        let mut rows: Vec<[Vec<AclRow>; 2]> = Vec::new();
        for instance in self.own("aws_network_acl") {
            rows.push(["ingress", "egress"].map(|direction| acl_rows(instance, direction, self.errors)));
            let index = self.network.acls.len();
            self.seats.acls.insert(instance.address.clone(), index);
            let rows_at = instance.attributes.get("ingress").map_or(&instance.place, |value| &value.place);
            self.network.acls.push(Acl {
                vpc: self.vpc,
                name: instance.key.name().unwrap_or(&instance.name).to_owned(),
                ingress: Arc::default(),
                egress: Arc::default(),
                place: rows_at.clone(),
            });
            let ids = instance.attributes.get("subnet_ids").map(Value::items).unwrap_or_default();
            for id in ids {
                let seat = id.refers_to("id").and_then(|address| self.seats.subnets.get(address)).copied();
                match seat {
                    Some(subnet) => self.bind(subnet, index, &id.place),
                    None => self.wrong(&id.place, "an ACL names a subnet that is not in this root"),
                }
            }
        }
        for instance in self.sorted.of_type("aws_network_acl_association") {
            let subnet = self.seat(instance, "subnet_id", |seats| &seats.subnets);
            let acl = self.seat(instance, "network_acl_id", |seats| &seats.acls);
            if let (Some(subnet), Some(acl)) = (subnet, acl) {
                // A state lists in an ACL what stands alone, too.
                if self.network.subnets[subnet].acl != Some(acl) {
                    self.bind(subnet, acl, &instance.place);
                }
            }
        }
        let alone: Vec<(usize, bool, AclRow)> =
            self.sorted.of_type("aws_network_acl_rule").filter_map(|rule| self.rule(rule)).collect();
        self.place_rules(alone, first, &mut rows);
        for (acl, [mut ingress, mut egress]) in self.network.acls.iter_mut().skip(first).zip(rows) {
            in_order(&mut ingress, "ingress", self.errors);
            in_order(&mut egress, "egress", self.errors);
            (acl.ingress, acl.egress) = (ingress.into(), egress.into());
        }
    }

    fn bind(&mut self, subnet: usize, acl: usize, place: &Place) {
        let name = self.network.subnets[subnet].name.clone();
        if self.network.subnets[subnet].acl.replace(acl).is_some() {
            self.wrong(place, format!("subnet `{name}` has two ACLs"));
        }
    }

    /// A rule that stands alone: its ACL, whether it is one of the way out, and its row.
    fn rule(&mut self, instance: &'r Instance) -> Option<(usize, bool, AclRow)> {
        let acl = self.seat(instance, "network_acl_id", |seats| &seats.acls)?;
        let out = match instance.attributes.get("egress") {
            None => false,
            Some(out) => match out.boolean() {
                Some(out) => out,
                None => {
                    let message = format!("`egress` of `{}` is not known", instance.address);
                    self.unfollowed(&out.place, message);
                    return None;
                }
            },
        };
        let row = self.keep(acl_rule(instance))?;
        Some((acl, out, row))
    }

    /// Rules beside those that stand in their ACL: each apply takes one of the two away. `rows`: of the ACLs from `first`.
    fn place_rules(
        &mut self,
        alone: Vec<(usize, bool, AclRow)>,
        first: usize,
        rows: &mut [[Vec<AclRow>; 2]],
    ) {
        let inside: Vec<bool> = rows.iter().map(|both| both.iter().any(|rows| !rows.is_empty())).collect();
        for (acl, out, row) in alone {
            let both = rows.get_mut(acl - first).map(|[ingress, egress]| if out { egress } else { ingress });
            // A state lists in an ACL what stands alone, too.
            let Some(own) = both.filter(|own| !own.iter().any(|known| is_same(known, &row))) else {
                continue;
            };
            let (name, place) = (self.network.acls[acl].name.clone(), row.place.clone());
            own.push(row);
            if inside[acl - first] {
                let message = format!(
                    "a rule stands beside ACL `{name}`, whose own rules take it away at the next apply"
                );
                self.wrong(&place, message);
            }
        }
    }
}

fn is_same(one: &AclRow, other: &AclRow) -> bool {
    let AclRow { number, allows, traffic, peer, why: _, place: _ } = one;
    (*number, *allows, *traffic, *peer) == (other.number, other.allows, other.traffic, other.peer)
}
