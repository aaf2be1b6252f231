import type { Bar, Plot } from '../figure.ts';

const width = 860;
const labels = 380;
const values = 90;
const barHeight = 18;
const step = 26;
const top = 48;

/** A plot of bars as SVG, readable on a light and on a dark page. */
export function svgOf({ title, unit, bars, logarithmic = false }: Plot): string {
  const height = top + bars.length * step + 12;
  const scale = scaleOf(bars, logarithmic);
  const axis = logarithmic ? `${unit}; each bar’s length is the logarithm` : unit;
  const drawn = bars.flatMap((bar, place) => barLines(bar, top + place * step, scale(bar.value)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" role="img" font-family="sans-serif" font-size="13">`,
    `  <title>${escaped(title)}</title>`,
    `  <rect width="${String(width)}" height="${String(height)}" fill="#ffffff"/>`,
    `  <text x="12" y="20" font-size="15" font-weight="bold" fill="#1f2328">${escaped(title)}</text>`,
    `  <text x="12" y="38" fill="#59636e">${escaped(axis)}</text>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

function barLines({ label, value, ours }: Bar, y: number, length: number): readonly string[] {
  const middle = y + barHeight - 4;
  const colour = ours ? '#0969da' : '#8c959f';
  return [
    `  <text x="${String(labels - 8)}" y="${String(middle)}" text-anchor="end" fill="#1f2328">${escaped(label)}</text>`,
    `  <rect x="${String(labels)}" y="${String(y)}" width="${length.toFixed(1)}" height="${String(barHeight)}" fill="${colour}"/>`,
    `  <text x="${(labels + length + 6).toFixed(1)}" y="${String(middle)}" fill="#1f2328">${value.toLocaleString('en-US')}</text>`,
  ];
}

function scaleOf(bars: readonly Bar[], logarithmic: boolean): (value: number) => number {
  const room = width - labels - values;
  const most = Math.max(1, ...bars.map(({ value }) => value));
  if (!logarithmic) return (value) => Math.max(1, (value / most) * room);
  return (value) => Math.max(1, (Math.log10(Math.max(1, value) + 1) / Math.log10(most + 1)) * room);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
