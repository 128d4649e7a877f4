using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>What a run recorded.</summary>
/// <param name="Path">The newest file.</param>
/// <param name="Files">How many files there are.</param>
/// <param name="Bytes">Bytes in all of them.</param>
/// <param name="Messages">Messages in all of them.</param>
/// <param name="Dropped">Records that were lost.</param>
/// <param name="Gaps">Holes in the recording.</param>
public sealed record RecordingRow(string Path, int Files, long Bytes, long Messages, long Dropped, long Gaps)
{
    /// <summary>Makes the row; null when nothing was recorded.</summary>
    public static RecordingRow? Of(RecordingTotals? totals) =>
        totals is null ? null : new RecordingRow(totals.Path, totals.Files, totals.Bytes, totals.Messages, totals.Dropped, totals.Gaps);

    /// <summary>Returns one line for people.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"recorded {Path}: {Bytes * 1e-6:0.0} MB, {Messages:N0} messages, {Dropped} dropped, {Gaps} gaps; edge replay {Path} runs it again");
}
