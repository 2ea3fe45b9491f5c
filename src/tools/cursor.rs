//! Cursors: where to go on, and a checksum over the call and the catalog, so that a
//! cursor is good for the call it was given for and no other (P3). No memory is needed.

use arrayvec::ArrayString;

use super::arguments::Arguments;
use super::miss::Miss;
use crate::model::{Reply, catalog};

/// FNV-1a, 64 bits.
pub(super) struct Hash(u64);

impl Default for Hash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        // Two texts do not run together.
        self.0 = (self.0 ^ 0xff).wrapping_mul(0x0000_0100_0000_01b3);
    }

    pub(super) fn finish(&self) -> u64 {
        self.0
    }
}

/// Digits of a cursor: a position and a checksum.
type Text = ArrayString<16>;

fn write(position: u32, tool: &str, arguments: &Arguments<'_>) -> Text {
    let mut hash = Hash::default();
    hash.add(tool.as_bytes());
    hash.add(catalog::VERSION.as_bytes());
    hash.add(&arguments.hash().to_le_bytes());
    hash.add(&position.to_le_bytes());
    let number = u64::from(position) << 32 | (hash.finish() >> 32);
    let mut text = Text::new();
    for digit in (0..16).rev() {
        let digit = (number >> (4 * digit)) & 0xf;
        text.push(char::from_digit(digit as u32, 16).unwrap_or('0'));
    }
    text
}

/// The position at which a call goes on: 0 without a cursor.
pub(super) fn position(tool: &str, arguments: &Arguments<'_>) -> Result<usize, Miss> {
    let Some(cursor) = arguments.text("cursor")? else { return Ok(0) };
    let position = cursor.get(..8).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    match position {
        Some(position) if *write(position, tool, arguments) == *cursor => Ok(position as usize),
        _ => Err(Miss::new("`cursor` is not one that this call gave").next(
            "give `nextCursor` of the answer before with the same arguments, or leave it out",
        )),
    }
}

/// Writes the member that names the next page.
pub(super) fn push_next(position: usize, tool: &str, arguments: &Arguments<'_>, reply: &mut Reply) {
    reply.push_static(r#",\"nextCursor\":\""#);
    reply.push_str(&text(position, tool, arguments));
    reply.push_static(r#"\""#);
}

/// The cursor of a position.
pub(super) fn text(position: usize, tool: &str, arguments: &Arguments<'_>) -> Text {
    write(position as u32, tool, arguments)
}
