//! PDF files: the text of their pages.

mod cmap;
mod content;
mod encoding;
mod file;
mod filters;
mod font;
mod layout;
mod object;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use crate::knowledge::formats::limits::{Limits, Unreadable};
use crate::knowledge::formats::outline::Outline;
use crate::knowledge::formats::pdf::content::ContentReader;
use crate::knowledge::formats::pdf::file::PdfFile;
use crate::knowledge::formats::pdf::object::{Dictionary, Object};

/// Maximum number of pages.
const MAX_PAGES: usize = 2_000;
/// Maximum nesting of the tree of pages.
const MAX_DEPTH: usize = 64;
/// Maximum size of the content of a page.
const MAX_CONTENT_BYTES: usize = 16 * 1024 * 1024;
/// Maximum number of lines of all pages.
const MAX_LINES: usize = 200_000;

/// Reads a PDF file.
pub(crate) fn read(bytes: &[u8], out: &mut Outline) -> Result<(), Unreadable> {
    let file = PdfFile::open(bytes, out.limits())?;
    let pages = pages(&file, out.limits())?;
    let mut reader = ContentReader::new(&file);
    let mut all = Vec::with_capacity(pages.len());
    let mut count = 0;
    for Page { dictionary, resources } in &pages {
        let content = content_of(&file, dictionary, out.limits())?;
        let lines = layout::lines(reader.page(&content, resources, out.limits())?);
        count += lines.len();
        if count > MAX_LINES {
            return Err(Unreadable("it has too many lines; split it, or add its text instead"));
        }
        all.push(lines);
    }
    if reader.unknown > reader.known {
        return Err(Unreadable(
            "its fonts do not tell which letters they show; print it to PDF again, or add its text instead",
        ));
    }
    if count == 0 && reader.images > 0 {
        return Err(Unreadable(
            "its pages are images; recognise their text first (OCR), or add its text instead",
        ));
    }
    layout::write(&all, out)
}

struct Page {
    dictionary: Dictionary,
    resources: Dictionary,
}

/// Returns the pages in their order.
fn pages(file: &PdfFile, limits: &mut Limits) -> Result<Vec<Page>, Unreadable> {
    let mut pages = Vec::new();
    if let Some(root) = file.root()
        && let Object::Dictionary(catalog) = file.load(root, limits)?.object
        && let Some(tree) = catalog.get(b"Pages".as_slice())
    {
        let mut walk = PageWalk { file, seen: HashSet::new(), pages: &mut pages };
        walk.visit(tree, &Dictionary::new(), 0, limits)?;
    }
    if pages.is_empty() {
        // A damaged tree: the pages in the order of their numbers.
        for number in file.numbers() {
            let Object::Dictionary(dictionary) = file.load(number, limits)?.object else { continue };
            if dictionary.get(b"Type".as_slice()).and_then(Object::name) == Some(b"Page") {
                let resources = file.dictionary(&dictionary, b"Resources", limits)?;
                pages.push(Page { dictionary, resources });
            }
            check_count(&pages)?;
        }
    }
    Ok(pages)
}

struct PageWalk<'w, 'f, 'a> {
    file: &'f PdfFile<'a>,
    seen: HashSet<u32>,
    pages: &'w mut Vec<Page>,
}

impl PageWalk<'_, '_, '_> {
    fn visit(
        &mut self,
        node: &Object,
        inherited: &Dictionary,
        depth: usize,
        limits: &mut Limits,
    ) -> Result<(), Unreadable> {
        let is_new = !matches!(node, Object::Reference(number) if !self.seen.insert(*number));
        if depth > MAX_DEPTH || !is_new {
            return Ok(());
        }
        let Object::Dictionary(dictionary) = self.file.resolve(node, limits)? else { return Ok(()) };
        let resources = match self.file.entry(&dictionary, b"Resources", limits)? {
            Object::Dictionary(resources) => resources,
            _ => inherited.clone(),
        };
        match self.file.entry(&dictionary, b"Kids", limits)? {
            Object::List(kids) => {
                kids.iter().try_for_each(|kid| self.visit(kid, &resources, depth + 1, limits))
            }
            _ => {
                self.pages.push(Page { dictionary, resources });
                check_count(self.pages)
            }
        }
    }
}

fn check_count(pages: &[Page]) -> Result<(), Unreadable> {
    if pages.len() > MAX_PAGES {
        return Err(Unreadable("it has more than 2000 pages; split it into several documents"));
    }
    Ok(())
}

/// Returns the content of a page, whose streams are read as one.
fn content_of(file: &PdfFile, page: &Dictionary, limits: &mut Limits) -> Result<Vec<u8>, Unreadable> {
    let Some(contents) = page.get(b"Contents".as_slice()) else { return Ok(Vec::new()) };
    let loaded = file.resolve_loaded(contents, limits)?;
    let Object::List(parts) = &loaded.object else {
        return Ok(file.data(&loaded, limits)?.unwrap_or_default());
    };
    let mut content = Vec::new();
    for part in parts {
        let loaded = file.resolve_loaded(part, limits)?;
        content.extend(file.data(&loaded, limits)?.unwrap_or_default());
        content.push(b'\n');
        if content.len() > MAX_CONTENT_BYTES {
            return Err(Unreadable("a page has too much content; split it, or add its text instead"));
        }
    }
    Ok(content)
}
