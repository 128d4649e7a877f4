namespace EdgeAutonomy.Recording;

/// <summary>One thing that is wrong with a file that was read all the same.</summary>
/// <param name="Kind">What.</param>
/// <param name="Offset">Where, in bytes from the start of the file.</param>
/// <param name="Stated">The value that the file states: a CRC, a length, a time; 0 where there is none.</param>
/// <param name="Found">The value that was found instead.</param>
/// <param name="Sentence">Both as a sentence for people, without the file's name.</param>
public sealed record McapDefect(McapDefectKind Kind, long Offset, ulong Stated, ulong Found, string Sentence);
