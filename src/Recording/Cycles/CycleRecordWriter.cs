using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime;
using static EdgeAutonomy.Recording.CycleRecord;

namespace EdgeAutonomy.Recording;

/// <summary>Turns a finished cycle into the bytes of a cycle record (docs/recording.md has the table).</summary>
/// <remarks>Called on the loop thread: plain copies into a reused buffer, no allocation once the buffer has grown.</remarks>
public static class CycleRecordWriter
{
    /// <summary>Writes a record, replacing what the buffer held.</summary>
    /// <param name="cycle">The finished cycle.</param>
    /// <param name="clock">The clock that the loop waits on.</param>
    /// <param name="buffer">Where the record goes.</param>
    public static void Write<TSample, TPercept, TAction>(TypedCycle<TSample, TPercept, TAction> cycle, RecordedClock clock, CycleBuffer buffer)
        where TAction : unmanaged
    {
        buffer.Reset();
        Head(cycle, clock, buffer);
        Stages(cycle, buffer);
        bool sensed = cycle.Statuses[0].HasOutput, perceived = cycle.Statuses[^3].HasOutput;
        if (sensed && PayloadState.CanFreeze<TSample>()) Payload(SectionKind.Sample, 0, cycle.Sample, buffer);
        if (perceived && PayloadState.CanFreeze<TPercept>()) Payload(SectionKind.Percept, cycle.Statuses.Length - 3, cycle.Percept, buffer);
        int at = Open(SectionKind.Decision, cycle.Statuses.Length - 2, buffer);
        cycle.Decision.Freeze(new StateWriter(buffer));
        Close(at, buffer);
        Payload(SectionKind.Request, 0, cycle.Request, buffer);
        Payload(SectionKind.Sensed, 0, cycle.Sensed, buffer);
        Payload(SectionKind.Applied, cycle.Statuses.Length - 1, cycle.Applied, buffer);
        Values(cycle, buffer);
        Inputs(cycle, buffer);
    }

    private static void Head(Cycle cycle, RecordedClock clock, CycleBuffer buffer)
    {
        int n = cycle.Statuses.Length;
        var h = buffer.Take(HeaderBytes);
        ref readonly var report = ref cycle.Report;
        ref readonly var measured = ref cycle.Measured;
        Put(h, VersionAt, CycleRecord.Version);
        Put(h, HeaderBytesAt, (ushort)HeaderBytes);
        h[RungAt] = (byte)cycle.Rung;
        h[ClockAt] = (byte)clock;
        h[FlagsAt] = (byte)cycle.Flags;
        h[StagesAt] = (byte)n;
        Put(h, CycleIdAt, cycle.Id);
        Put(h, TagAt, cycle.Tag.Nanoseconds);
        h[PeriodIndexAt] = cycle.PeriodIndex;
        h[SlotsAt] = (byte)Math.Min(cycle.SkippedSlots, 255);
        Put(h, PeriodReasonAt, (ushort)cycle.PeriodReason);
        Put(h, DtAt, cycle.Dt.Nanoseconds);
        Put(h, LatenessAt, cycle.Lateness.Nanoseconds);
        Put(h, ValidFromAt, report.ValidFrom == Stamp.Never ? long.MinValue : (report.ValidFrom - cycle.Tag).Nanoseconds);
        Put(h, ValidToAt, report.ValidTo == Stamp.Never ? long.MinValue : (report.ValidTo - cycle.Tag).Nanoseconds);
        Put(h, StateHashAt, cycle.StateHash);
        Put(h, TrustAt, report.Trust);
        Put(h, CoverageAt, report.Applied.Coverage);
        Put(h, SenseEnergyAt, cycle.Energy.SenseMicrojoule);
        Put(h, ComputeEnergyAt, cycle.Energy.ComputeMicrojoule);
        Put(h, ActuateEnergyAt, cycle.Energy.ActuateMicrojoule);
        Put(h, RungReasonAt, (ushort)cycle.RungReason);
        Put(h, MeasuredAt, (ushort)((measured.CycleMissed ? 1 : 0) | (measured.SlackShort ? 2 : 0) | (measured.WatchdogStop ? 4 : 0) | (measured.GuardStopped ? 8 : 0)));
        Put(h, MissedAt, measured.Missed);
        Put(h, DoubledAt, measured.Doubled);
        Put(h, SkippedSlotsAt, measured.SkippedSlots);
        Put(h, ItemsAt, report.Items);
        Put(h, DroppedAt, report.Dropped);
        Put(h, QueueFillAt, report.QueueFill);
        Put(h, DtPlannedAt, cycle.DtPlanned.Nanoseconds);
    }

    private static void Stages(Cycle cycle, CycleBuffer buffer)
    {
        int n = cycle.Statuses.Length;
        MemoryMarshal.AsBytes(cycle.BoundariesNs.AsSpan()).CopyTo(buffer.Take(4 * (n + 1)));
        var outcomes = buffer.Take(n);
        for (int i = 0; i < n; i++) outcomes[i] = (byte)cycle.Statuses[i].Outcome;
        buffer.Take(n & 1);
        var codes = MemoryMarshal.Cast<byte, ushort>(buffer.Take(2 * n));
        for (int i = 0; i < n; i++) codes[i] = (ushort)cycle.Statuses[i].Code;
        MemoryMarshal.AsBytes(cycle.Quanta.AsSpan()).CopyTo(buffer.Take(2 * n));
        buffer.Align();
        MemoryMarshal.AsBytes(cycle.StageHashes.AsSpan()).CopyTo(buffer.Take(8 * n));
    }

    private static void Values(Cycle cycle, CycleBuffer buffer)
    {
        if (!cycle.PeriodValues.AsSpan().ContainsAnyExcept(0f)) return;
        int at = Open(SectionKind.PeriodValues, 0, buffer);
        MemoryMarshal.AsBytes(cycle.PeriodValues.AsSpan()).CopyTo(buffer.Take(4 * cycle.PeriodValues.Length));
        Close(at, buffer);
    }

    private static void Inputs(Cycle cycle, CycleBuffer buffer)
    {
        if (cycle.InputCount == 0) return;
        int at = Open(SectionKind.Inputs, 0, buffer);
        var writer = new StateWriter(buffer);
        for (int i = 0; i < cycle.InputCount; i++) cycle.Inputs[i].Freeze(writer);
        Close(at, buffer);
    }

    private static void Payload<T>(SectionKind kind, int stage, in T payload, CycleBuffer buffer)
    {
        int at = Open(kind, stage, buffer);
        PayloadState.Freeze(payload, buffer);
        Close(at, buffer);
    }

    private static int Open(SectionKind kind, int stage, CycleBuffer buffer)
    {
        int at = buffer.Count;
        var head = buffer.Take(SectionHeaderBytes);
        Put(head, 0, (ushort)kind);
        Put(head, 2, (ushort)stage);
        return at;
    }

    private static void Close(int at, CycleBuffer buffer)
    {
        Put(buffer.Written, at + 4, (uint)(buffer.Count - at - SectionHeaderBytes));
        buffer.Align();
    }

    private static void Put<T>(Span<byte> target, int at, T value) where T : unmanaged => MemoryMarshal.Write(target[at..], in value);
}
