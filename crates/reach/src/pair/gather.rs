//! Putting together what is alike.

use std::ops::Index;

/// Numbers for values, in the order in which they come up; equal ones get one.
pub(super) struct Numbers<T>(Vec<T>);

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Numbers(vec![])
    }
}

impl<T: PartialEq> Numbers<T> {
    pub(super) fn number(&mut self, value: T) -> usize {
        self.0.iter().position(|known| *known == value).unwrap_or_else(|| {
            self.0.push(value);
            self.0.len() - 1
        })
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }
}

impl<T> Index<usize> for Numbers<T> {
    type Output = T;

    fn index(&self, number: usize) -> &T {
        &self.0[number]
    }
}

/// Items with one key put together, in the order in which keys come up.
pub(super) fn gather<T, K: PartialEq>(items: impl IntoIterator<Item = (T, K)>) -> Vec<(Vec<T>, K)> {
    let mut gathered: Vec<(Vec<T>, K)> = vec![];
    for (item, key) in items {
        match gathered.iter_mut().find(|(_, known)| *known == key) {
            Some((items, _)) => items.push(item),
            None => gathered.push((vec![item], key)),
        }
    }
    gathered
}

/// A table of values cut into rectangles of one value each: rows, columns, value. Equal rows are put together first, then
/// within these, equal values.
pub(super) fn rectangles(table: Vec<Vec<usize>>) -> Vec<(Vec<usize>, Vec<usize>, usize)> {
    let rows = gather(table.into_iter().enumerate());
    let cut = |(rows, values): (Vec<usize>, Vec<usize>)| {
        let columns = gather(values.into_iter().enumerate());
        columns.into_iter().map(move |(columns, value)| (rows.clone(), columns, value)).collect::<Vec<_>>()
    };
    rows.into_iter().flat_map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_cover_the_table_once() {
        let table = vec![vec![1, 1, 2], vec![3, 3, 3], vec![1, 1, 2]];
        let expected = [(vec![0, 2], vec![0, 1], 1), (vec![0, 2], vec![2], 2), (vec![1], vec![0, 1, 2], 3)];
        assert_eq!(rectangles(table), expected);
    }
}
