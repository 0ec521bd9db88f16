// The networks of `values.json` as stacks of cdktf: `node synth.mjs values.json DIRECTORY`.
//
// One stack a VPC with the resources that its root makes of them. Nothing is derived and nothing checked: what a
// program of cdktf costs before it has thought of anything. Without generated bindings, which take
// longer.

import fs from "node:fs";
import { App, TerraformResource, TerraformStack } from "cdktf";

const [, , valuesPath, directory] = process.argv;
const { vpcs } = JSON.parse(fs.readFileSync(valuesPath, "utf8"));

// Values stand there as in Terraform's text: quoted, or as a reference.
const plain = (text) => (/^".*"$/.test(text) ? text.slice(1, -1) : `\${${text}}`);
const list = (text) => [...text.matchAll(/"([^"]*)"/g)].map((found) => found[1]);

let made = 0;

// What a generated binding comes to.
class Resource extends TerraformResource {
  constructor(scope, id, terraformResourceType, attributes) {
    super(scope, id, { terraformResourceType });
    this.attributes = attributes;
  }

  synthesizeAttributes() {
    return this.attributes;
  }
}

class Network extends TerraformStack {
  constructor(scope, vpc) {
    super(scope, vpc.folder);
    const tags = Object.fromEntries(vpc.tags.map(([key, value]) => [key, plain(value)]));
    const add = (type, id, attributes) => {
      made += 1;
      return new Resource(this, `${type}-${id}`, type, attributes);
    };
    const named = (name) => ({ ...tags, Name: `${vpc.name}-${name}` });
    const block = vpc.blocks[0][1];
    const main = add("aws_vpc", "this", { cidr_block: block, enable_dns_hostnames: true, tags: named("vpc") });
    const own = { vpc_id: main.getStringAttribute("id") };
    add("aws_default_security_group", "this", { ...own, tags: named("default-closed") });
    const internet = add("aws_internet_gateway", "this", { ...own, tags: named("internet") });

    const subnets = {};
    const tables = {};
    for (const row of vpc.subnets.flat()) {
      const key = plain(row.name);
      const place = { availability_zone_id: plain(row.zone), cidr_block: plain(row.cidr) };
      const subnet = add("aws_subnet", key, { ...own, ...place, tags: { ...named(key), Tier: plain(row.tier) } });
      const table = add("aws_route_table", key, { ...own, tags: named(key) });
      const [subnet_id, route_table_id] = [subnet, table].map((resource) => resource.getStringAttribute("id"));
      add("aws_route_table_association", key, { subnet_id, route_table_id });
      subnets[key] = { id: subnet_id, tier: plain(row.tier) };
      tables[key] = { id: route_table_id, tier: plain(row.tier) };
    }
    for (const row of vpc.nat_gateways) {
      const key = plain(row.subnet);
      const address = add("aws_eip", key, { domain: "vpc", tags: named(key) });
      const allocation_id = address.getStringAttribute("id");
      add("aws_nat_gateway", key, { allocation_id, subnet_id: subnets[key].id, tags: named(key) });
    }
    for (const row of vpc.endpoints) {
      add("aws_vpc_endpoint", plain(row.service), { ...own, service_name: plain(row.service), tags: named("endpoint") });
    }
    const targets = {
      transit: { transit_gateway_id: plain(vpc.transit.gateway) },
      nat: { nat_gateway_id: "one-of-this-vpc" },
      internet: { gateway_id: internet.getStringAttribute("id") },
    };
    for (const [at, row] of vpc.routes.entries()) {
      for (const [key, table] of Object.entries(tables)) {
        if (table.tier !== plain(row.tier)) continue;
        const route = { route_table_id: table.id, destination_cidr_block: plain(row.cidr) };
        add("aws_route", `${key}-${at}`, { ...route, ...targets[plain(row.target)] });
      }
    }
    const rule = (row) => ({
      rule_no: Number(row.number),
      action: plain(row.action),
      protocol: plain(row.protocol),
      from_port: Number(row.from),
      to_port: Number(row.to),
      cidr_block: plain(row.cidr),
    });
    for (const acl of vpc.acls) {
      const tier = plain(acl.tier);
      const rules = { ingress: acl.ingress.map(rule), egress: acl.egress.map(rule) };
      const subnet_ids = Object.values(subnets).flatMap((subnet) => (subnet.tier === tier ? [subnet.id] : []));
      add("aws_network_acl", tier, { ...own, ...rules, subnet_ids, tags: named(tier) });
    }
    const subnet_ids = Object.values(subnets).flatMap((it) => (it.tier === plain(vpc.transit.tier) ? [it.id] : []));
    const gateway = { transit_gateway_id: plain(vpc.transit.gateway) };
    const attachment = add("aws_ec2_transit_gateway_vpc_attachment", "this", { ...own, ...gateway, subnet_ids });
    const attached = { transit_gateway_attachment_id: attachment.getStringAttribute("id") };
    const table = { transit_gateway_route_table_id: plain(vpc.transit.segment) };
    add("aws_ec2_transit_gateway_route_table_association", "this", { ...attached, ...table });
    for (const to of list(vpc.transit.propagate_to)) {
      const table = { transit_gateway_route_table_id: to };
      add("aws_ec2_transit_gateway_route_table_propagation", to, { ...attached, ...table });
    }
  }
}

const app = new App({ outdir: directory, analyticsReporting: false });
for (const vpc of vpcs) new Network(app, vpc);
app.synth();
console.log(`${vpcs.length} stacks, ${made} resources`);
