//! A table in Markdown, so that it can be pasted into docs/performance.md, with columns that line up on a terminal.

use std::io::{self, Write};

/// Rows in the making.
pub struct Table {
    title: String,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// With a heading for each column; the first column is text, the others are numbers.
    pub fn new<const N: usize>(title: impl Into<String>, headings: [&str; N]) -> Self {
        Table { title: title.into(), rows: vec![headings.map(String::from).to_vec()] }
    }

    /// One more row.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.to_vec());
    }

    /// Writes it to stdout.
    pub fn print(&self) -> io::Result<()> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| self.rows.iter().filter_map(|row| Some(row.get(column)?.chars().count())).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
        let mut out = io::stdout().lock();
        writeln!(out, "\n{}\n", self.title)?;
        for (i, row) in self.rows.iter().enumerate() {
            let cell = |(column, (text, width)): (usize, (&String, &usize))| match column {
                0 => format!("{text:<width$}"),
                _ => format!("{text:>width$}"),
            };
            let cells: Vec<String> = row.iter().zip(&widths).enumerate().map(cell).collect();
            writeln!(out, "| {} |", cells.join(" | "))?;
            if i == 0 {
                let rule = |(column, width): (usize, &usize)| match column {
                    0 => "-".repeat(width + 2),
                    _ => format!("{}:", "-".repeat(width + 1)),
                };
                writeln!(out, "|{}|", widths.iter().enumerate().map(rule).collect::<Vec<_>>().join("|"))?;
            }
        }
        out.flush()
    }
}
