// Documents as office programs write them: PDF and DOCX files.
import { deflateRawSync, deflateSync } from 'node:zlib'

/**
 * Returns a PDF with one page. `lines` are texts with their place and size: `{ x, y, size, text }`. With `mapped`, a font is used whose
 * codes only its ToUnicode table explains.
 */
export function pdf(lines, { mapped = false, trailer = '' } = {}) {
  const codes = [...new Set(lines.flatMap(({ text }) => [...text]))]
  const hex = (number) => number.toString(16).padStart(4, '0')
  const shown = (text) =>
    mapped
      ? `<${[...text].map((letter) => hex(codes.indexOf(letter) + 1)).join('')}>`
      : `(${text.replace(/[\\()]/g, '\\$&')})`
  const content = lines.map(
    ({ x = 50, y, size = 10, text }) => `BT /F ${size} Tf 1 0 0 1 ${x} ${y} Tm ${shown(text)} Tj ET`,
  )
  const map = codes.map((letter, at) => `<${hex(at + 1)}> <${hex(letter.codePointAt(0))}>`)
  const cmap = `1 begincodespacerange <0000> <ffff> endcodespacerange ${codes.length} beginbfchar ${map.join('\n')} endbfchar`
  const font = mapped
    ? '<</Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H /DescendantFonts [7 0 R] /ToUnicode 6 0 R>>'
    : '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>'
  return Buffer.concat([
    Buffer.from('%PDF-1.7\n'),
    object(1, '<</Type /Catalog /Pages 2 0 R>>'),
    object(2, '<</Type /Pages /Kids [3 0 R] /Count 1>>'),
    object(3, '<</Type /Page /Parent 2 0 R /Resources <</Font <</F 5 0 R>> >> /Contents 4 0 R>>'),
    stream(4, Buffer.from(content.join('\n'), 'latin1')),
    object(5, font),
    stream(6, Buffer.from(cmap)),
    object(7, '<</Type /Font /Subtype /CIDFontType2 /DW 500>>'),
    Buffer.from(`trailer <</Root 1 0 R ${trailer}>>\n%%EOF`),
  ])
}

const object = (number, text) => Buffer.from(`${number} 0 obj ${text} endobj\n`)

function stream(number, data) {
  const deflated = deflateSync(data)
  const head = `${number} 0 obj <</Filter /FlateDecode /Length ${deflated.length}>> stream\n`
  return Buffer.concat([Buffer.from(head), deflated, Buffer.from('\nendstream endobj\n')])
}

/** Returns a PDF whose content decompresses to `size` bytes. */
export function pdfBomb(size) {
  return Buffer.concat([
    Buffer.from('%PDF-1.7\n'),
    object(1, '<</Type /Catalog /Pages 2 0 R>>'),
    object(2, '<</Type /Pages /Kids [3 0 R]>>'),
    object(3, '<</Type /Page /Contents 4 0 R>>'),
    stream(4, Buffer.alloc(size, ' ')),
    Buffer.from('trailer <</Root 1 0 R>>'),
  ])
}

/** Returns a DOCX with this body, in the elements of Word. */
export function docx(body) {
  const document = `<?xml version="1.0"?><w:document xmlns:w="urn:w"><w:body>${body}</w:body></w:document>`
  return zip({ 'word/document.xml': Buffer.from(document) })
}

/** Returns a paragraph of a DOCX; `style` is `Heading1` and the like. */
export const paragraph = (text, style) =>
  `<w:p>${style ? `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>` : ''}<w:r><w:t>${text}</w:t></w:r></w:p>`

function zip(files) {
  const parts = []
  const directory = []
  let at = 0
  for (const [name, content] of Object.entries(files)) {
    const data = deflateRawSync(content)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(content.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(at, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), common, place, Buffer.from(name))
    parts.push(local)
    at += local.length
  }
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(parts.length, 4)
  end.writeUInt16LE(parts.length, 6)
  end.writeUInt32LE(index.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, index, Buffer.from('PK\x05\x06'), end])
}
