/** Bounds of what is read. A real roster is far below every one of them. */
export const limits = {
  /** Bytes of a file as it is uploaded. */
  fileBytes: 20 * 1024 * 1024,
  /** Rows that say something. */
  rows: 100_000,
  /** The last row of a sheet of any program. */
  lines: 16_777_216,
  columns: 200,
  /** Bytes of one row of a text table. */
  rowBytes: 1_000_000,
  /** Files in an archive. */
  files: 1_000,
  /** Bytes of everything in an archive that is read, unpacked. */
  unpackedBytes: 200 * 1024 * 1024,
  /** Different texts of a workbook. */
  sharedTexts: 1_000_000,
  /** A text that is longer is cut: no cell that is read may be this long. */
  cellCharacters: 2_000,
  /** MB of heap the reading thread may use. */
  heapMegabytes: 160,
  /** The whole reading, ms. */
  milliseconds: 120_000,
} as const
