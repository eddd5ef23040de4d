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
use std::rc::Rc;

use crate::knowledge::formats::limits::{Limits, Unreadable};
use crate::knowledge::formats::outline::Outline;
use crate::knowledge::formats::pdf::content::ContentReader;
use crate::knowledge::formats::pdf::file::PdfFile;
use crate::knowledge::formats::pdf::layout::Line;
use crate::knowledge::formats::pdf::object::{Dictionary, Object};

/// Maximum number of pages.
const MAX_PAGES: usize = 2_000;
/// Maximum nesting of the tree of pages.
const MAX_DEPTH: usize = 16;
/// Maximum size of the content of a page.
const MAX_CONTENT_BYTES: usize = 12 * 1024 * 1024;
/// Maximum number of lines of all pages.
const MAX_LINES: usize = 200_000;

/// Reads a PDF file.
pub(crate) fn read(bytes: &[u8], out: &mut Outline) -> Result<(), Unreadable> {
    let file = PdfFile::open(bytes, out.limits())?;
    let mut pages = PageReader {
        file: &file,
        content: ContentReader::new(&file),
        seen: HashSet::new(),
        pages: Vec::new(),
        lines: 0,
    };
    pages.read_tree(out.limits())?;
    if pages.pages.is_empty() {
        pages.read_all(out.limits())?;
    }
    let PageReader { content, pages, lines, .. } = pages;
    if content.unknown > content.known {
        return Err(Unreadable(
            "its fonts do not tell which letters they show; print it to PDF again, or add its text instead",
        ));
    }
    if lines == 0 && content.images > 0 {
        return Err(Unreadable(
            "its pages are images; recognise their text first (OCR), or add its text instead",
        ));
    }
    layout::write(&pages, out)
}

/// A reader of pages. Each page is read when it is found, so that one is in memory at a time.
struct PageReader<'f, 'a> {
    file: &'f PdfFile<'a>,
    content: ContentReader<'f, 'a>,
    seen: HashSet<u32>,
    pages: Vec<Vec<Line>>,
    lines: usize,
}

impl PageReader<'_, '_> {
    fn read_tree(&mut self, limits: &mut Limits) -> Result<(), Unreadable> {
        let Some(root) = self.file.root() else { return Ok(()) };
        let Object::Dictionary(catalog) = self.file.load(root, limits)?.object else { return Ok(()) };
        match catalog.get(b"Pages".as_slice()) {
            Some(tree) => self.visit(tree, &Rc::default(), 0, limits),
            None => Ok(()),
        }
    }

    /// Reads the pages of a damaged tree, in the order of their numbers.
    fn read_all(&mut self, limits: &mut Limits) -> Result<(), Unreadable> {
        for number in self.file.numbers() {
            let Object::Dictionary(page) = self.file.load(number, limits)?.object else { continue };
            if page.get(b"Type".as_slice()).and_then(Object::name) == Some(b"Page") {
                let resources = self.file.dictionary(&page, b"Resources", limits)?;
                self.read_page(&page, &resources, limits)?;
            }
        }
        Ok(())
    }

    fn visit(
        &mut self,
        node: &Object,
        inherited: &Rc<Dictionary>,
        depth: usize,
        limits: &mut Limits,
    ) -> Result<(), Unreadable> {
        let is_new = !matches!(node, Object::Reference(number) if !self.seen.insert(*number));
        if depth > MAX_DEPTH || !is_new {
            return Ok(());
        }
        let Object::Dictionary(mut node) = self.file.resolve(node, limits)? else { return Ok(()) };
        let resources = match self.file.entry(&node, b"Resources", limits)? {
            Object::Dictionary(resources) => Rc::new(resources),
            _ => Rc::clone(inherited),
        };
        let kids = match node.remove(b"Kids".as_slice()) {
            Some(kids) => self.file.resolve(&kids, limits)?,
            None => return self.read_page(&node, &resources, limits),
        };
        let Object::List(kids) = kids else { return Ok(()) };
        kids.iter().try_for_each(|kid| self.visit(kid, &resources, depth + 1, limits))
    }

    fn read_page(
        &mut self,
        page: &Dictionary,
        resources: &Dictionary,
        limits: &mut Limits,
    ) -> Result<(), Unreadable> {
        if self.pages.len() >= MAX_PAGES {
            return Err(Unreadable("it has more than 2000 pages; split it into several documents"));
        }
        let content = content_of(self.file, page, limits)?;
        let lines = layout::lines(self.content.page(&content, resources, limits)?);
        self.lines += lines.len();
        if self.lines > MAX_LINES {
            return Err(Unreadable("it has too many lines; split it, or add its text instead"));
        }
        self.pages.push(lines);
        Ok(())
    }
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
