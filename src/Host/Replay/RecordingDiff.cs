using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>Compares two recordings cycle by cycle.</summary>
internal static class RecordingDiff
{
    /// <summary>Compares.</summary>
    /// <param name="a">The first recording.</param>
    /// <param name="b">The second.</param>
    /// <param name="progress">Told how many cycles were compared.</param>
    /// <param name="stop">Ends it early.</param>
    public static DiffResult Run(RecordingFile a, RecordingFile b, ProgressLine progress, CancellationToken stop)
    {
        var notes = new List<string>();
        foreach (string key in new[] { "seed", "configuration", "program", "simd" })
        {
            string x = a.Info.GetValueOrDefault(key, ""), y = b.Info.GetValueOrDefault(key, "");
            if (x != y) notes.Add($"{key} is {x} in the first, {y} in the second.");
        }
        notes.AddRange(a.Notes.Select(n => $"first: {n}"));
        notes.AddRange(b.Notes.Select(n => $"second: {n}"));
        var common = a.Loops.Where(l => b.Loops.Any(m => m.Name == l.Name)).ToArray();
        if (common.Length == 0) return None(a, b, $"the first has the loops {Names(a)}, the second {Names(b)}", notes);
        foreach (var loop in a.Loops.Concat(b.Loops).Where(l => common.All(x => x.Name != l.Name)).DistinctBy(l => l.Name)) notes.Add($"loop '{loop.Name}' is in one of the two only.");

        var tally = new Tally();
        foreach (var loop in common) Loop(a, b, loop, tally, progress, stop);
        if (tally.Cycles == 0) return None(a, b, "they have no cycle number in common", notes);
        return new DiffResult(
            a.Path, b.Path, true, null, tally.Cycles, tally.Different == 0 && tally.OnlyInA == 0 && tally.OnlyInB == 0, DifferenceRow.Of(tally.First), tally.Different, tally.OnlyInA, tally.OnlyInB,
            tally.Fields, notes);
    }

    private static void Loop(RecordingFile a, RecordingFile b, LoopDescription loop, Tally tally, ProgressLine progress, CancellationToken stop)
    {
        var comparer = new CycleComparer(loop);
        using var left = a.Read([loop.Name]);
        using var right = b.Read([loop.Name]);
        bool hasA = NextCycle(left), hasB = NextCycle(right);
        while ((hasA || hasB) && !stop.IsCancellationRequested)
        {
            ulong idA = hasA ? Id(left) : ulong.MaxValue, idB = hasB ? Id(right) : ulong.MaxValue;
            if (idA == idB)
            {
                tally.Add(comparer.Compare(CycleRecord.Parse(left.Current.Data.Span), CycleRecord.Parse(right.Current.Data.Span)));
                if ((tally.Cycles & 0x3FF) == 0) progress.Report(tally.Cycles, 0);
            }
            else if (idA < idB) tally.OnlyInA++;
            else tally.OnlyInB++;
            if (idA <= idB) hasA = NextCycle(left);
            if (idB <= idA) hasB = NextCycle(right);
        }
    }

    private static bool NextCycle(McapMessages messages)
    {
        while (messages.MoveNext())
        {
            if (RecordingFile.Kind(messages.Current) == RecordKind.Cycle) return true;
        }
        return false;
    }

    private static ulong Id(McapMessages messages) => CycleRecord.Parse(messages.Current.Data.Span).CycleId;

    private static string Names(RecordingFile file) => string.Join(", ", file.Loops.Select(l => l.Name));

    private static DiffResult None(RecordingFile a, RecordingFile b, string why, List<string> notes) =>
        new(a.Path, b.Path, false, why, 0, false, null, 0, 0, 0, new Dictionary<string, long>(), notes);

    private sealed class Tally
    {
        public long Cycles { get; private set; }

        public long Different { get; private set; }

        public long OnlyInA { get; set; }

        public long OnlyInB { get; set; }

        public CycleDifference? First { get; private set; }

        public SortedDictionary<string, long> Fields { get; } = new(StringComparer.Ordinal);

        public void Add(CycleDifference? difference)
        {
            Cycles++;
            if (difference is null) return;
            Different++;
            if (First is null || difference.Tag < First.Tag) First = difference;
            string field = $"{difference.Stage}: {difference.Field.Split(':', '[')[0]}";
            Fields[field] = Fields.GetValueOrDefault(field) + 1;
        }
    }
}
