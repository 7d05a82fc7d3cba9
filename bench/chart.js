/** A chart of the most rows that all were measured with: one group of bars per database and work, shorter is better. */
import { medianOf } from './measure.js';

/** @typedef {import('./findings.js').Result} Result */

const COLOURS = ['#6644ff', '#ff9f43', '#c9c9d6', '#2ecda7'];
/** Seconds below which all bars look alike. */
const SHORTEST = 0.01;
const [LABEL, WIDTH, BAR, GAP, HEAD] = [230, 860, 16, 22, 60];

/** @param {Result[]} results @returns {string} SVG */
export function chartOf(results) {
  const most = mostRows(results);
  const shown = results.filter(({ rows }) => rows === most || rows === 0);
  const names = [...new Set(shown.map(({ contender }) => contender))];
  const groups = Map.groupBy(shown, ({ database, work }) => `${work}, ${database}`);
  let y = HEAD;
  const heading = `${most.toLocaleString('en')} rows, seconds without Directus' own start`;
  const parts = [`<title>${heading}</title>`, text(16, 22, heading, 'start'), ...names.map(legend)];
  for (const [label, bars] of groups) {
    const slowest = Math.max(SHORTEST, ...bars.map(({ runs }) => medianOf(runs).seconds));
    parts.push(text(LABEL - 12, y + (bars.length * BAR) / 2 + 4, label, 'end'));
    for (const { contender, runs } of bars) {
      parts.push(bar(y, medianOf(runs).seconds, slowest, COLOURS[names.indexOf(contender)] ?? '#888'));
      y += BAR;
    }
    y += GAP;
  }
  const frame = `xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" font-family="sans-serif" font-size="13"`;
  return `<svg ${frame}>\n<rect width="${WIDTH}" height="${y}" fill="#fff"/>\n${parts.join('\n')}\n</svg>\n`;
}

/** @param {Result[]} results @returns {number} the most that the most contenders were measured with */
function mostRows(results) {
  const sizes = Map.groupBy(results, ({ rows }) => rows);
  const contenders = (/** @type {Result[]} */ of) => new Set(of.map(({ contender }) => contender)).size;
  const [best] = [...sizes]
    .filter(([rows]) => rows > 0)
    .sort(([a, some], [b, others]) => {
      return contenders(others) - contenders(some) || b - a;
    });
  return best?.[0] ?? 0;
}

/** @param {string} name @param {number} index */
function legend(name, index) {
  const x = 16 + index * 210;
  const box = `<rect x="${x}" y="32" width="12" height="12" fill="${COLOURS[index] ?? '#888'}"/>`;
  return `${box}${text(x + 18, 43, name, 'start')}`;
}

/** @param {number} y @param {number} seconds @param {number} slowest of its group */
function bar(y, seconds, slowest, colour = '#888') {
  const length = Math.max(1, ((WIDTH - LABEL - 80) * seconds) / slowest);
  const shape = `<rect x="${LABEL}" y="${y + 1}" width="${length.toFixed(1)}" height="${BAR - 2}" fill="${colour}"/>`;
  return `${shape}${text(LABEL + length + 6, y + BAR - 4, seconds.toFixed(2), 'start')}`;
}

/** @param {number} x @param {number} y @param {string} content @param {'start' | 'end'} anchor */
function text(x, y, content, anchor) {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="#222">${escaped}</text>`;
}
