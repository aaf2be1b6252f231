import { stringify } from 'csv-stringify/sync';

/**
 * One or several lines of a CSV file as RFC 4180 has it, ended by CRLF. A cell that a spreadsheet would take for a formula
 * gets an apostrophe in front, so that opening the file runs nothing: such a file is for spreadsheets, and JSON is the
 * export that loses nothing.
 */
export function csvLines(rows: readonly (readonly string[])[]): string {
  const safe = rows.map((row) => row.map(formulaSafe));
  // By itself it quotes only what holds the whole line ending.
  return stringify(safe, { record_delimiter: 'windows', quoted_match: /[\r\n]|^\s|\s$/u });
}

/** Spreadsheets read a file without this as one of their own old encoding. */
export const byteOrderMark = '\uFEFF';

/**
 * What a formula begins with, also behind blanks, at the beginning of a line within the cell, and behind what a spreadsheet may
 * take for the end of a cell: in much of Europe that is a semicolon.
 */
const formula = /(?:^|[\r\n;,\t|]["']?)[\s\u00a0]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r]/u;

export function formulaSafe(cell: string): string {
  return formula.test(cell) ? `'${cell}` : cell;
}
