namespace EdgeAutonomy.Recording;

/// <summary>What a recording has taken and lost so far, over all its files.</summary>
/// <param name="Path">The newest file.</param>
/// <param name="Files">How many files were begun.</param>
/// <param name="Bytes">Bytes in all files.</param>
/// <param name="Messages">Messages in all files.</param>
/// <param name="Dropped">Cycle records, keyframes and sentences that were dropped because the recorder could not keep up or had no file.</param>
/// <param name="Gaps">How many holes that made.</param>
/// <param name="Recording">Whether it records at present.</param>
public sealed record RecordingTotals(string Path, int Files, long Bytes, long Messages, long Dropped, long Gaps, bool Recording);
