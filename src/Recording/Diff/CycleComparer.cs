using System.Globalization;

namespace EdgeAutonomy.Recording;

/// <summary>Compares two records of a cycle in all that a replay must reproduce.</summary>
/// <remarks>In the order in which things happen in a cycle, so that what is named first is the cause. Measured things (lateness, boundaries, energy) do not
/// take part. Equal records cost a few comparisons of bytes and no allocation.</remarks>
public sealed class CycleComparer
{
    private readonly LoopDescription _loop;

    /// <summary>Makes a comparer for the records of a loop.</summary>
    public CycleComparer(LoopDescription loop) => _loop = loop;

    /// <summary>Returns the first difference; null when the records are equal.</summary>
    public CycleDifference? Compare(in CycleRecord a, in CycleRecord b)
    {
        int n = a.StageCount;
        if (n == b.StageCount && n != _loop.StageNames.Count) throw new InvalidDataException($"Cycle {a.CycleId} of loop '{_loop.Name}' has {n} stages, its channel names {_loop.StageNames.Count}; the recording is damaged.");
        if (a.CycleId != b.CycleId) return Differ(a, "loop", "cycle number", a.CycleId, b.CycleId);
        if (n != b.StageCount) return Differ(a, "loop", "number of stages", n, b.StageCount);
        if (a.Tag != b.Tag) return Differ(a, "loop", "logical time", a.Tag, b.Tag);
        if (a.Dt != b.Dt) return Differ(a, "loop", "time since the cycle before", a.Dt, b.Dt);
        if (Section(a, b, SectionKind.Inputs, "loop", "inputs", "") is { } inputs) return inputs;
        if (Measured(a, b) is { } measured) return measured;
        if (Section(a, b, SectionKind.Request, _loop.StageNames[0], "sensing request", "") is { } request) return request;
        for (int i = 0; i < n; i++)
        {
            if (Stage(a, b, i, n) is { } stage) return stage;
        }
        if (a.Rung != b.Rung) return Differ(a, "loop", "rung", a.Rung, b.Rung);
        if (a.RungReason != b.RungReason) return Differ(a, "loop", "reason of the rung", a.RungReason, b.RungReason);
        if (a.PeriodIndex != b.PeriodIndex) return Differ(a, "loop", "next period", Period(a), Period(b));
        if (a.PeriodReason != b.PeriodReason) return Differ(a, "loop", "reason of the period", a.PeriodReason, b.PeriodReason);
        return a.StateHash == b.StateHash ? null : Differ(a, "loop", "state hash (ladder, governor or an earlier cycle)", Hash(a.StateHash), Hash(b.StateHash));
    }

    private CycleDifference? Stage(in CycleRecord a, in CycleRecord b, int i, int n)
    {
        string name = _loop.StageNames[i];
        if (a.Status(i) != b.Status(i)) return Differ(a, name, "status", a.Status(i), b.Status(i));
        if (a.Quanta(i) != b.Quanta(i)) return Differ(a, name, "quanta", a.Quanta(i), b.Quanta(i));
        CycleDifference? output = null;
        if (i == 0) output = Section(a, b, SectionKind.Sample, name, "sample", _loop.Sample) ?? Section(a, b, SectionKind.Sensed, name, "sensor's report", "");
        else if (i == n - 3) output = Section(a, b, SectionKind.Percept, name, "percept", _loop.Percept);
        else if (i == n - 2) output = Decision(a, b, name) ?? Section(a, b, SectionKind.PeriodValues, name, "values of the periods", "");
        else if (i == n - 1) output = Section(a, b, SectionKind.Applied, name, "action", _loop.Action);
        if (output is not null) return output;
        return a.StageHash(i) == b.StageHash(i) ? null : Differ(a, name, "hash of output and state, with equal output", Hash(a.StageHash(i)), Hash(b.StageHash(i)));
    }

    private CycleDifference? Decision(in CycleRecord a, in CycleRecord b, string stage)
    {
        a.TrySection(SectionKind.Decision, out var x);
        b.TrySection(SectionKind.Decision, out var y);
        if (x.SequenceEqual(y)) return null;
        int action = _loop.Action == "Twist2" ? 8 : 0; // the action stands first
        if (action > 0 && x.Length > action && y.Length > action && !x[..action].SequenceEqual(y[..action])) return Payload(a, stage, "proposed action", _loop.Action, x[..action], y[..action]);
        return Payload(a, stage, "decision", "", x, y);
    }

    private CycleDifference? Measured(in CycleRecord a, in CycleRecord b)
    {
        var (x, y) = (a.Measured, b.Measured);
        if (x.SkippedSlots != y.SkippedSlots) return Differ(a, "loop", "skipped slots", x.SkippedSlots, y.SkippedSlots);
        if (x.Missed != y.Missed) return Differ(a, "loop", "stages that missed their budget (bits)", Hash(x.Missed), Hash(y.Missed));
        if (x.Doubled != y.Doubled) return Differ(a, "loop", "stages that took twice their budget (bits)", Hash(x.Doubled), Hash(y.Doubled));
        if (x.CycleMissed != y.CycleMissed) return Differ(a, "loop", "missed deadline", x.CycleMissed, y.CycleMissed);
        if (x.SlackShort != y.SlackShort) return Differ(a, "loop", "short of slack", x.SlackShort, y.SlackShort);
        if (x.WatchdogStop != y.WatchdogStop) return Differ(a, "loop", "stop by the watchdog", x.WatchdogStop, y.WatchdogStop);
        return x.GuardStopped == y.GuardStopped ? null : Differ(a, "loop", "guard stopped from outside", x.GuardStopped, y.GuardStopped);
    }

    private CycleDifference? Section(in CycleRecord a, in CycleRecord b, SectionKind kind, string stage, string field, string shape)
    {
        bool inA = a.TrySection(kind, out var x), inB = b.TrySection(kind, out var y);
        if (inA != inB) return Differ(a, stage, field, inA ? "there" : "absent", inB ? "there" : "absent");
        return x.SequenceEqual(y) ? null : Payload(a, stage, field, shape, x, y);
    }

    private CycleDifference Payload(in CycleRecord a, string stage, string field, string shape, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        var (where, first, second) = shape.Length == 0 ? PayloadDifference.Bytes(x, y) : PayloadDifference.Find(shape, x, y);
        return new CycleDifference(_loop.Name, a.CycleId, a.Tag, stage, $"{field}: {where}", first, second);
    }

    private string Period(in CycleRecord record) => record.PeriodIndex < _loop.PeriodCount ? _loop.Grid[record.PeriodIndex].ToString() : $"index {record.PeriodIndex}";

    private CycleDifference Differ<T>(in CycleRecord a, string stage, string field, T x, T y) =>
        new(_loop.Name, a.CycleId, a.Tag, stage, field, string.Create(CultureInfo.InvariantCulture, $"{x}"), string.Create(CultureInfo.InvariantCulture, $"{y}"));

    private static string Hash(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);
}
