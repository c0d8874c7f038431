// What a terminal shows, as an SVG picture.
import { stripVTControlCharacters } from 'node:util';

const COLUMNS = 80;
const CELL = { width: 8.4, height: 18 };
const SIDE = 16;
const TOP = 48;

/** What terminal colour codes become; 1 is bold, 2 is dim, 22 and 39 end them. */
const COLOURS = { 2: '#8b949e', 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' };

/**
 * @param text - lines with terminal codes
 * @param title - the text in the window's title bar
 */
export function picture(text, title) {
  const lines = text.trimEnd().split('\n');
  const width = COLUMNS * CELL.width + 2 * SIDE;
  const height = TOP + lines.length * CELL.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>text { font: 14px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre; fill: #e6edf3 }</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<circle cx="20" cy="18" r="6" fill="#ff5f57"/><circle cx="40" cy="18" r="6" fill="#febc2e"/><circle cx="60" cy="18" r="6" fill="#28c840"/>
<text x="${width / 2}" y="23" text-anchor="middle" style="fill: #8b949e">${escaped(title)}</text>
${drawn(lines).join('\n')}
</svg>
`;
}

/** Each line at its place, and as wide as its characters: no reader's font may distort the frames. */
function drawn(lines) {
  const pen = { bold: false, colour: undefined };
  return lines.map((line, row) => {
    const [start, ...styled] = line.split('\u001b[');
    const first = span(start, pen);
    const spans = styled.map((part) => {
      const [, code, rest] = /^(\d+)m(.*)$/.exec(part);
      take(pen, Number(code));
      return span(rest, pen);
    });
    const wide = (stripVTControlCharacters(line).length * CELL.width).toFixed(1);
    return `<text x="${SIDE}" y="${TOP + row * CELL.height}" textLength="${wide}">${first}${spans.join('')}</text>`;
  });
}

function take(pen, code) {
  if (code === 1) pen.bold = true;
  else if (code in COLOURS) pen.colour = COLOURS[code];
  else if (code === 39) pen.colour = undefined;
  else if (code === 22) Object.assign(pen, { bold: false, colour: undefined });
  else throw new Error(`the picture does not know the terminal's code ${code}`);
}

function span(text, { bold, colour }) {
  const style = [bold && 'font-weight: bold', colour && `fill: ${colour}`].filter(Boolean).join('; ');
  if (text === '' || style === '') return escaped(text);
  return `<tspan style="${style}">${escaped(text)}</tspan>`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
