//! Pages for people: README.md of VPCs and hubs, index.md. Templates only print; every text is escaped on its way
//! into them, in Markdown by the template engine, in diagrams by `mermaid`.

mod diagram;
mod hub;
mod index;
mod markdown;
mod mermaid;
mod usage;
mod vpc;

use std::sync::LazyLock;

use serde::Serialize;
use tanada_model::net::Block;
use tera::{Context, Tera};

use crate::plan::LeavingRoot;

pub use hub::hub;
pub use index::index;
pub use vpc::vpc;

/// The templates, by name.
const TEMPLATES: [(&str, &str); 5] = [
    ("ejected.md", include_str!("../../../../templates/pages/ejected.md")),
    ("hub.md", include_str!("../../../../templates/pages/hub.md")),
    ("index.md", include_str!("../../../../templates/pages/index.md")),
    ("leaving.md", include_str!("../../../../templates/pages/leaving.md")),
    ("vpc.md", include_str!("../../../../templates/pages/vpc.md")),
];

/// Compiled once.
static PAGES: LazyLock<Tera> = LazyLock::new(|| {
    let mut tera = Tera::new();
    tera.autoescape_on(vec![".md"]);
    tera.set_escape_fn(markdown::escape_to);
    #[expect(clippy::expect_used, reason = "the templates are constants, and tests render each of them")]
    tera.add_raw_templates(TEMPLATES).expect("the templates compile");
    tera
});

/// README.md of a root on its way out.
pub fn leaving(root: &LeavingRoot) -> String {
    #[derive(Serialize)]
    struct Page<'a> {
        id: &'a str,
        keeps_network: bool,
    }
    render("leaving.md", &Page { id: &root.id, keeps_network: root.keeps_network })
}

pub(crate) fn render(name: &str, page: &impl Serialize) -> String {
    #[expect(
        clippy::expect_used,
        reason = "pages have every value that the constant templates ask for, as tests show"
    )]
    let text =
        Context::from_serialize(page).and_then(|context| PAGES.render(name, &context)).expect("a page");
    text
}

fn blocks(blocks: &[Block]) -> String {
    comma(blocks.iter().map(ToString::to_string))
}

fn comma(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(", ")
}
