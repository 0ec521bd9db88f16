//! Network ACLs of a VPC: their rules, wherever these stand, and whose they are.

use super::rows::{acl_rows, acl_rule, in_order};
use super::vpcs::Reader;
use super::{Acl, AclRow};
use crate::{Instance, Place, Value};

impl<'r> Reader<'r> {
    pub(super) fn acls(&mut self) {
        for instance in self.own("aws_network_acl") {
            let ingress = acl_rows(instance, "ingress", self.errors);
            let egress = acl_rows(instance, "egress", self.errors);
            let index = self.network.acls.len();
            self.seats.acls.insert(instance.address.clone(), index);
            let rows_at = instance.attributes.get("ingress").map_or(&instance.place, |value| &value.place);
            self.network.acls.push(Acl {
                vpc: self.vpc,
                name: instance.key.name().unwrap_or(&instance.name).to_owned(),
                ingress,
                egress,
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
        self.place_rules(alone);
        for index in self.seats.acls.values() {
            let Acl { vpc: _, name: _, ingress, egress, place: _ } = &mut self.network.acls[*index];
            in_order(ingress, "ingress", self.errors);
            in_order(egress, "egress", self.errors);
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

    /// Rules beside those that stand in their ACL: each apply takes one of the two away.
    fn place_rules(&mut self, alone: Vec<(usize, bool, AclRow)>) {
        let inside: Vec<bool> =
            self.network.acls.iter().map(|acl| !(acl.ingress.is_empty() && acl.egress.is_empty())).collect();
        for (acl, out, row) in alone {
            let Acl { vpc: _, name, ingress, egress, place: _ } = &mut self.network.acls[acl];
            let rows = if out { egress } else { ingress };
            // A state lists in an ACL what stands alone, too.
            if rows.iter().any(|known| is_same(known, &row)) {
                continue;
            }
            let fought = inside[acl];
            let (name, place) = (name.clone(), row.place.clone());
            rows.push(row);
            if fought {
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
