/** Prints rows as a Markdown table, the first one as its head. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  const lines = rows.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`)
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`)
  console.log(`${lines.join('\n')}\n`)
}

/** Three digits, or all of a larger number. */
export function toFigure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

export function toPercent(share: number): string {
  return `${toFigure(share * 100)} %`
}
