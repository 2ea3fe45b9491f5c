//! Answers for clients that take gzip: compressed when the catalog was compiled, and only
//! put together here.
//!
//! The units of a reply that have a compressed form are runs of deflate blocks; what is
//! between them goes in stored blocks. The check sum of the whole comes from those of the
//! units.

use std::sync::OnceLock;

use arrayvec::ArrayVec;
use bytes::Buf;
use crc32fast::Hasher;
use flate2::{Compress, Compression, FlushCompress};

use crate::model::packed::Unit;
use crate::model::reply::Part;
use crate::model::{Reply, crc};
use crate::tools;

/// Shorter answers are sent as they are: one segment takes them.
const LEAST: usize = 1400;
/// What a stored block has room for.
const MOST_STORED: usize = 0xffff;
/// No name, no time, no system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// Where compressed bytes go.
pub(super) trait Sink {
    fn push_static(&mut self, bytes: &'static [u8]);
    /// The buffer that what is not static is appended to.
    fn buffer(&mut self) -> &mut Vec<u8>;
}

/// Parts of a reply: more are not worth putting together.
const MOST_PARTS: usize = 96;

/// A reply that is worth it: long enough, and with units that are compressed.
pub(super) struct Parts<'a>(ArrayVec<Part<'a>, MOST_PARTS>);

impl<'a> Parts<'a> {
    pub(super) fn of(reply: &'a Reply) -> Option<Self> {
        if reply.remaining() < LEAST {
            return None;
        }
        let mut parts = ArrayVec::new();
        let mut fit = true;
        reply.parts(|part| fit &= parts.try_push(listed(part)).is_ok());
        let any = parts.iter().any(|part| matches!(part, Part::Unit(_)));
        (fit && any).then_some(Self(parts))
    }

    /// Writes them as one member of gzip.
    pub(super) fn write(&self, sink: &mut impl Sink) {
        sink.buffer().extend_from_slice(&HEADER);
        let mut stream = Stream { sink, stored: None, crc: 0, length: 0 };
        for part in &self.0 {
            match part {
                Part::Unit(unit) => stream.unit(unit),
                Part::Plain(bytes) => stream.plain(bytes),
            }
        }
        stream.finish();
    }
}

/// A stream of deflate blocks that is being written.
struct Stream<'a, S> {
    sink: &'a mut S,
    /// Where the open stored block begins in the buffer.
    stored: Option<usize>,
    crc: u32,
    length: usize,
}

impl<S: Sink> Stream<'_, S> {
    fn unit(&mut self, unit: &Unit) {
        self.close();
        self.sink.push_static(unit.bytes);
        self.crc = crc::joined(self.crc, unit.crc, unit.shift);
        self.length += unit.plain;
    }

    fn plain(&mut self, bytes: &[u8]) {
        let mut sum = Hasher::new_with_initial(self.crc);
        sum.update(bytes);
        self.crc = sum.finalize();
        self.length += bytes.len();
        let mut rest = bytes;
        while !rest.is_empty() {
            let used = self.open();
            let (now, later) = rest.split_at(rest.len().min(MOST_STORED - used));
            self.sink.buffer().extend_from_slice(now);
            rest = later;
            if !rest.is_empty() {
                self.close();
            }
        }
    }

    /// Bytes of the open stored block, which is begun if there is none with room.
    fn open(&mut self) -> usize {
        if let Some(start) = self.stored {
            let used = self.sink.buffer().len() - start - 5;
            if used < MOST_STORED {
                return used;
            }
            self.close();
        }
        let buffer = self.sink.buffer();
        self.stored = Some(buffer.len());
        buffer.extend_from_slice(&[0; 5]);
        0
    }

    /// Writes the length of the open stored block.
    fn close(&mut self) {
        let Some(start) = self.stored.take() else { return };
        let buffer = self.sink.buffer();
        let [low, high] = ((buffer.len() - start - 5) as u16).to_le_bytes();
        buffer[start + 1..start + 5].copy_from_slice(&[low, high, !low, !high]);
    }

    fn finish(mut self) {
        self.open();
        if let Some(start) = self.stored {
            self.sink.buffer()[start] = 1; // the last block
        }
        self.close();
        let (crc, length) = (self.crc, self.length as u32);
        let buffer = self.sink.buffer();
        buffer.extend_from_slice(&crc.to_le_bytes());
        buffer.extend_from_slice(&length.to_le_bytes());
    }
}

/// The definitions of tools are not part of the catalog: they are compressed when they are
/// first asked for.
fn listed(part: Part<'_>) -> Part<'_> {
    static LISTED: OnceLock<(Vec<u8>, u32, u32)> = OnceLock::new();
    let definitions = tools::definitions().as_bytes();
    match part {
        Part::Plain(bytes) if std::ptr::eq(bytes, definitions) => {}
        _ => return part,
    }
    let (bytes, sum, shift) = LISTED.get_or_init(|| {
        let mut packed = Vec::with_capacity(definitions.len());
        Compress::new(Compression::best(), false)
            .compress_vec(definitions, &mut packed, FlushCompress::Sync)
            .expect("there is room for what is shorter than before");
        (packed, crc32fast::hash(definitions), crc::shift(definitions.len()))
    });
    Part::Unit(Unit { bytes, plain: definitions.len(), crc: *sum, shift: *shift })
}
