//! A pool of connections: the sample for Rust.

use std::fmt;

/// Opens a connection.
///
/// # Examples
/// ```
/// open("localhost");
/// ```
#[inline]
// Between the attribute and the function.
#[must_use = "/* not a comment */"]
pub async unsafe fn open<T>(host: &str) -> Result<T, Error>
where
    T: Default,
{
    fn attempt(n: u32) -> u32 { n }
    let pause = |n: u32| -> u32 { 2 ^ n };
    Ok(T::default())
}

pub struct Pool<T> { size: usize, item: Option<T> }

impl<T: Clone> Pool<T> {
    /// Makes an empty pool.
    pub const fn new() -> Self { Self { size: 0, item: None } }

    /** How many
     * there are. */
    pub fn len(&self) -> usize { self.size }
}

impl<T> fmt::Display for Pool<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { Ok(()) }
}

impl From<&str> for geo::Point { fn from(_: &str) -> Self { todo!() } }
impl Trait for &'static [u8] { fn bytes(&self) {} }

/// What can be drained.
pub trait Drain {
    type Item;
    /// Takes one out.
    fn take(&mut self) -> Option<Self::Item>;
    fn drain(&mut self) -> usize { 0 }
}

mod geo {
    pub mod plane {
        pub fn distance() -> f64 { 0.0 }
    }
    impl Point { pub(crate) fn norm(&self) -> f64 { 0. } }
}

extern "C" {
    fn strlen(text: *const u8) -> usize;
}

extern "system" {
    /// Reads all.
    #[link_name = "read_all"] // The old name.
    pub fn read(handle: isize,
                size: usize) -> i32;
}

#[allow(dead_code)] // It is called from C.
pub extern "C" fn callback(code: i32) -> i32 { code }

/// Sums.
#[macro_export]
macro_rules! sum {
    ($($x:expr),*) => {{ 0 $(+ $x)* }};
}

#[cfg(test)]
mod tests {
    use super::*;

    //! Not about what follows.
    fn helper() {}

    #[tokio::test]
    #[should_panic(
        expected = "broken",
    )]
    async fn breaks() { panic!("broken") }

    #[test]
    fn r#match() { assert_eq!(1, 1); }
}

const HALF: fn(u32) -> u32 = |n| n / 2;
static ON_CLOSE: fn() = || {};

fn handlers<'a, const N: usize>() -> impl Fn(&'a str) -> [u8; N] where [u8; N]: Sized {
    let mut count = 0;
    let mut counted = move |_: &str| -> usize { count += 1; count };
    let later = async move { 1 };
    Handlers { on_open: |name| { counted(name); }, on_close }
}

macro_rules! pair {
    // The short form.
    ($a:expr) => { pair!($a, $a) };
    ($a:expr, $b:expr) => { ($a, $b) };
}

impl<'a, T> Iterator for Drained<'a, T>
where
    T: 'a,
{
    type Item = T;

    fn next(&mut self) -> Option<T> { None }
}

impl<F> Callback for F where F: Fn() { default fn call(&self) { self() } }
impl dyn Drain { fn is_drained(&self) -> bool { true } }
impl<T> PartialEq<[T]> for (T, T) { fn eq(&self, other: &[T]) -> bool { false } }
unsafe impl Send for *mut Pool<u8> { fn sent() {} }
