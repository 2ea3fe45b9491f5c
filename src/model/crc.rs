//! The check sum of gzip, put together from those of parts. The generator compiles this
//! file too.

/// The polynomial, lowest power first.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// The product of two polynomials of 32 bits, highest power last.
#[must_use]
pub const fn product(left: u32, mut right: u32) -> u32 {
    let mut sum = 0;
    let mut bit = 1 << 31;
    while bit != 0 {
        if left & bit != 0 {
            sum ^= right;
        }
        right = if right & 1 == 0 { right >> 1 } else { right >> 1 ^ POLYNOMIAL };
        bit >>= 1;
    }
    sum
}

/// What moves a check sum past `bytes` more bytes: the power x^(8 * bytes).
#[must_use]
pub const fn shift(mut bytes: usize) -> u32 {
    let (mut power, mut square) = (1 << 31, 1 << 23);
    while bytes != 0 {
        if bytes & 1 != 0 {
            power = product(square, power);
        }
        square = product(square, square);
        bytes >>= 1;
    }
    power
}

/// The check sum of two parts: `before` of the first, `after` and its `shift` of the second.
#[must_use]
pub const fn joined(before: u32, after: u32, shift: u32) -> u32 {
    product(shift, before) ^ after
}
