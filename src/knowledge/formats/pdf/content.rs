//! Page contents: the operators that show text, and the places of the text.

use std::collections::HashMap;
use std::rc::Rc;

use crate::knowledge::formats::limits::{Limits, MAX_TEXT_BYTES, Unreadable};
use crate::knowledge::formats::pdf::file::PdfFile;
use crate::knowledge::formats::pdf::font::Font;
use crate::knowledge::formats::pdf::object::{Dictionary, Lexer, Object};

/// Maximum number of operands of an operator.
const MAX_OPERANDS: usize = 64;
/// Maximum number of saved states.
const MAX_STATES: usize = 256;
/// Maximum nesting of forms.
const MAX_FORMS: usize = 6;
/// Maximum number of runs of a page.
const MAX_RUNS: usize = 100_000;
/// Maximum number of entries of the fonts that are kept.
const MAX_FONT_ENTRIES: usize = 200_000;
/// Gap between glyphs that is a space, in parts of the font size.
const SPACE_GAP: f64 = 0.17;

/// Text in one font at one place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    /// Left end.
    pub(super) x: f64,
    /// Right end.
    pub(super) end: f64,
    /// Baseline.
    pub(super) y: f64,
    /// Font size.
    pub(super) size: f64,
    /// Text.
    pub(super) text: String,
}

/// A transformation: `x' = a x + c y + e`, `y' = b x + d y + f`.
#[derive(Debug, Clone, Copy)]
struct Matrix([f64; 6]);

impl Matrix {
    const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// Returns the transformation that applies `self` first and `next` then.
    fn then(self, next: Self) -> Self {
        let ([a, b, c, d, e, f], [g, h, i, j, k, l]) = (self.0, next.0);
        Self([
            a * g + b * i,
            a * h + b * j,
            c * g + d * i,
            c * h + d * j,
            e * g + f * i + k,
            e * h + f * j + l,
        ])
    }
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    char_spacing: f64,
    word_spacing: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

/// A reader of page contents.
pub(super) struct ContentReader<'f, 'a> {
    file: &'f PdfFile<'a>,
    /// Fonts that were read, by the numbers of their objects.
    fonts: HashMap<u32, Rc<Font>>,
    font_entries: usize,
    text_bytes: usize,
    /// Text of the current page.
    runs: Vec<Run>,
    /// Number of images.
    pub(super) images: usize,
    /// Number of glyphs with and without text.
    pub(super) known: usize,
    pub(super) unknown: usize,
}

impl<'f, 'a> ContentReader<'f, 'a> {
    /// Creates a reader.
    pub(super) fn new(file: &'f PdfFile<'a>) -> Self {
        Self {
            file,
            fonts: HashMap::new(),
            font_entries: 0,
            text_bytes: 0,
            runs: Vec::new(),
            images: 0,
            known: 0,
            unknown: 0,
        }
    }

    /// Returns the text of a page.
    pub(super) fn page(
        &mut self,
        content: &[u8],
        resources: &Dictionary,
        limits: &mut Limits,
    ) -> Result<Vec<Run>, Unreadable> {
        self.interpret(content, resources, Matrix::IDENTITY, 0, limits)?;
        Ok(std::mem::take(&mut self.runs))
    }

    fn interpret(
        &mut self,
        content: &[u8],
        resources: &Dictionary,
        matrix: Matrix,
        depth: usize,
        limits: &mut Limits,
    ) -> Result<(), Unreadable> {
        let mut state = State {
            matrix,
            font: None,
            size: 1.0,
            char_spacing: 0.0,
            word_spacing: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        let mut saved: Vec<State> = Vec::new();
        let (mut text, mut line) = (Matrix::IDENTITY, Matrix::IDENTITY);
        let mut operands: Vec<Object> = Vec::new();
        let mut lexer = Lexer::new(content, 0);
        while let Some(object) = lexer.next(limits)? {
            let Object::Keyword(operator) = object else {
                if operands.len() < MAX_OPERANDS {
                    operands.push(object);
                }
                continue;
            };
            let number = |at: usize| operands.get(at).and_then(Object::number).unwrap_or_default();
            match operator.as_slice() {
                b"q" if saved.len() < MAX_STATES => saved.push(state.clone()),
                b"Q" => state = saved.pop().unwrap_or(state),
                b"cm" => state.matrix = matrix_of(&operands).then(state.matrix),
                b"BT" => (text, line) = (Matrix::IDENTITY, Matrix::IDENTITY),
                b"Tf" => {
                    if let Some(Object::Name(name)) = operands.first() {
                        state.font = self.font(name, resources, limits)?;
                    }
                    state.size = number(1);
                }
                b"Tc" => state.char_spacing = number(0),
                b"Tw" => state.word_spacing = number(0),
                b"Tz" => state.scale = number(0) / 100.0,
                b"TL" => state.leading = number(0),
                b"Ts" => state.rise = number(0),
                b"Td" => line = moved(line, number(0), number(1)),
                b"TD" => {
                    state.leading = -number(1);
                    line = moved(line, number(0), number(1));
                }
                b"Tm" => line = matrix_of(&operands),
                b"T*" | b"'" | b"\"" => line = moved(line, 0.0, -state.leading),
                b"Do" if depth < MAX_FORMS => {
                    if let Some(Object::Name(name)) = operands.first() {
                        self.draw(name, resources, state.matrix, depth, limits)?;
                    }
                }
                b"BI" => {
                    self.images += 1;
                    skip_inline_image(content, &mut lexer);
                }
                _ => {}
            }
            match operator.as_slice() {
                b"Td" | b"TD" | b"Tm" | b"T*" => text = line,
                b"Tj" | b"TJ" => {
                    self.show(operands.first(), &state, &mut text, limits)?;
                }
                b"'" | b"\"" => {
                    if operator == b"\"" {
                        (state.word_spacing, state.char_spacing) = (number(0), number(1));
                    }
                    text = line;
                    self.show(operands.last(), &state, &mut text, limits)?;
                }
                _ => {}
            }
            operands.clear();
        }
        Ok(())
    }

    /// Shows a text, or a list of texts and shifts.
    fn show(
        &mut self,
        shown: Option<&Object>,
        state: &State,
        text: &mut Matrix,
        limits: &mut Limits,
    ) -> Result<(), Unreadable> {
        let Some(font) = &state.font else { return Ok(()) };
        let single;
        let parts = match shown {
            Some(Object::List(list)) => list.as_slice(),
            Some(object) => {
                single = [object.clone()];
                &single
            }
            None => return Ok(()),
        };
        let start = text.then(state.matrix);
        let mut shown = String::new();
        for part in parts {
            limits.step()?;
            match part {
                Object::Number(shift) => {
                    let shift = -shift / 1000.0 * state.size * state.scale;
                    if shift > SPACE_GAP * state.size.abs() && !shown.ends_with(' ') && !shown.is_empty() {
                        shown.push(' ');
                    }
                    *text = moved(*text, shift, 0.0);
                }
                Object::Text(bytes) => {
                    for glyph in font.glyphs(bytes) {
                        limits.step()?;
                        match glyph.text {
                            Some(text) => {
                                self.known += 1;
                                self.count_text(text.len())?;
                                shown.push_str(&text);
                            }
                            None => self.unknown += 1,
                        }
                        let spacing = if glyph.is_space { state.word_spacing } else { 0.0 };
                        let width = glyph.width / 1000.0 * state.size + state.char_spacing + spacing;
                        *text = moved(*text, width * state.scale, 0.0);
                    }
                }
                _ => {}
            }
        }
        if shown.is_empty() {
            return Ok(());
        }
        if self.runs.len() >= MAX_RUNS {
            return Err(Unreadable("a page has too much text; split it, or add its text instead"));
        }
        let end = text.then(state.matrix);
        let [a, b, c, d, x, y] = start.0;
        let size = state.size.abs() * (c * c + d * d).sqrt().max((a * a + b * b).sqrt() * 0.2);
        self.runs.push(Run { x, end: end.0[4].max(x), y: y + state.rise, size, text: shown });
        Ok(())
    }

    fn count_text(&mut self, bytes: usize) -> Result<(), Unreadable> {
        self.text_bytes += bytes;
        if self.text_bytes > MAX_TEXT_BYTES {
            return Err(Unreadable("it has more than 4 MB of text; split it into several documents"));
        }
        Ok(())
    }

    fn draw(
        &mut self,
        name: &[u8],
        resources: &Dictionary,
        matrix: Matrix,
        depth: usize,
        limits: &mut Limits,
    ) -> Result<(), Unreadable> {
        let objects = self.file.dictionary(resources, b"XObject", limits)?;
        let Some(object) = objects.get(name) else { return Ok(()) };
        let loaded = self.file.resolve_loaded(object, limits)?;
        let Object::Dictionary(dictionary) = &loaded.object else { return Ok(()) };
        match self.file.entry(dictionary, b"Subtype", limits)?.name() {
            Some(b"Image") => self.images += 1,
            Some(b"Form") => {
                let own = match self.file.entry(dictionary, b"Matrix", limits)? {
                    Object::List(list) => matrix_of(&list),
                    _ => Matrix::IDENTITY,
                };
                let inner = match self.file.entry(dictionary, b"Resources", limits)? {
                    Object::Dictionary(inner) => inner,
                    _ => resources.clone(),
                };
                if let Some(content) = self.file.data(&loaded, limits)? {
                    self.interpret(&content, &inner, own.then(matrix), depth + 1, limits)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn font(
        &mut self,
        name: &[u8],
        resources: &Dictionary,
        limits: &mut Limits,
    ) -> Result<Option<Rc<Font>>, Unreadable> {
        let fonts = self.file.dictionary(resources, b"Font", limits)?;
        let Some(object) = fonts.get(name) else { return Ok(None) };
        if let Object::Reference(number) = object
            && let Some(font) = self.fonts.get(number)
        {
            return Ok(Some(Rc::clone(font)));
        }
        let Object::Dictionary(dictionary) = self.file.resolve(object, limits)? else { return Ok(None) };
        let font = Rc::new(Font::read(&dictionary, self.file, limits)?);
        if let Object::Reference(number) = object
            && self.font_entries + font.entries() <= MAX_FONT_ENTRIES
        {
            self.font_entries += font.entries();
            self.fonts.insert(*number, Rc::clone(&font));
        }
        Ok(Some(font))
    }
}

fn matrix_of(operands: &[Object]) -> Matrix {
    let mut numbers = [0.0; 6];
    for (number, operand) in numbers.iter_mut().zip(operands) {
        *number = operand.number().unwrap_or_default();
    }
    Matrix(numbers)
}

fn moved(matrix: Matrix, x: f64, y: f64) -> Matrix {
    Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(matrix)
}

/// Moves behind the data of an image inside of the content.
fn skip_inline_image(content: &[u8], lexer: &mut Lexer) {
    let rest = content.get(lexer.at()..).unwrap_or_default();
    let data = memchr::memmem::find(rest, b"ID").unwrap_or(rest.len());
    let end = rest.get(data..).and_then(|rest| {
        memchr::memmem::find_iter(rest, b"EI").find(|at| {
            let before = rest.get(at.wrapping_sub(1)).is_some_and(u8::is_ascii_whitespace);
            before && rest.get(at + 2).is_none_or(u8::is_ascii_whitespace)
        })
    });
    lexer.seek(lexer.at() + end.map_or(rest.len(), |end| data + end + 2));
}
