//! Reachability gained and lost between two trees.

use tanada_verify::reach::{End, Shift, difference, reach};

use crate::estate::Estate;

/// What changes when a text of a file of m3 is replaced.
fn shifts(file: &str, from: &str, to: &str) -> Vec<Shift> {
    let mut estate = Estate::fixture("m3");
    let before = reach(&estate.network());
    let text = estate.files.get_mut(file).unwrap();
    assert!(text.contains(from), "{from}");
    *text = text.replacen(from, to, 1);
    let after = reach(&estate.changed(file).unwrap().0);
    let (there, back) = (difference(&before, &after), difference(&after, &before));
    // The way back undoes it.
    let pairs =
        |shifts: &[Shift]| shifts.iter().map(|one| (one.from.clone(), one.to.clone())).collect::<Vec<_>>();
    assert_eq!(pairs(&there).len(), pairs(&back).len());
    there
}

fn names(ends: &[End]) -> String {
    ends.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_same_tree_has_no_differences() {
    let reached = reach(&Estate::fixture("m3").network());
    assert_eq!(difference(&reached, &reached), []);
}

#[test]
fn a_lost_propagation_is_lost_reachability() {
    let shifts = shifts("teams/web/production/main.tf", "\"gcp\", \"production\", ", "\"gcp\", ");
    let [one] = shifts.as_slice() else { panic!("{shifts:?}") };
    assert_eq!(names(&one.from), "web-production.private web-production.public");
    assert_eq!(names(&one.to), "payments-production.private");
    assert_eq!((one.lost.to_string(), one.gained.is_empty()), ("tcp/443".to_owned(), true));
}

#[test]
fn a_wider_port_on_both_sides_is_gained() {
    let file = "teams/payments/production/main.tf";
    let one_side = shifts(
        file,
        "from = 443, to = 443, cidr = module.web_production.blocks[0]",
        "from = 443, to = 444, cidr = module.web_production.blocks[0]",
    );
    assert_eq!(one_side, [], "the other side still stops it");
    let inside = shifts(
        "teams/web/production/main.tf",
        "{ number = 12415, action = \"allow\", protocol = \"tcp\", from = 1024",
        "{ number = 12415, action = \"allow\", protocol = \"tcp\", from = 22",
    );
    assert!(inside.iter().all(|one| one.lost.is_empty()), "{inside:?}");
}

#[test]
fn a_zone_without_route_is_lost_for_the_tier() {
    let shifts = shifts(
        "teams/web/production/main.tf",
        "    { name = \"transit-d\", tier = \"transit\", zone = \"d\", cidr = \"10.30.188.32/28\" },\n",
        "",
    );
    let lost = shifts.iter().find(|one| names(&one.to).contains("payments-production.private"));
    let lost = lost.unwrap_or_else(|| panic!("{shifts:?}"));
    assert!(names(&lost.from).contains("web-production.private") && lost.lost.to_string() == "tcp/443");
}
