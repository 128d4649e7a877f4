using System.Buffers;
using System.Globalization;
using System.Text.Json;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Writes the JSON tables of a loop. Allocation-free once its buffer has grown; not thread-safe.</summary>
/// <remarks>What JSON cannot say (NaN, ±∞) becomes null; times are {sec, nsec}, because nanoseconds do not fit into a double.</remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The writer owns nothing: its buffer is ours.")]
internal sealed class ViewJson
{
    private static readonly JsonEncodedText
        Cycle = JsonEncodedText.Encode("cycle"), Stage = JsonEncodedText.Encode("stage"), Stages = JsonEncodedText.Encode("stages");

    // Names by number: Enum.GetName may box, and this runs ten times per second and loop.
    private static readonly JsonEncodedText[]
        Rungs = Names<Rung>(), Reasons = Names<RungReason>(), Periods = Names<PeriodReason>(), Outcomes = Names<StageOutcome>(), Codes = Names<FailureCode>();

    private readonly ArrayBufferWriter<byte> _buffer = new(2048);
    private readonly Utf8JsonWriter _json;

    public ViewJson() => _json = new Utf8JsonWriter(_buffer);

    public ReadOnlySpan<byte> Latency(LoopView loop)
    {
        Begin(loop.Tag);
        _json.WriteStartArray(Stages);
        var rows = loop.Latencies;
        for (int i = 0; i < rows.Count; i++)
        {
            var l = rows[i].Latency;
            _json.WriteStartObject();
            _json.WriteString(Stage, rows[i].Stage);
            _json.WriteNumber("count"u8, l.Count);
            Number("minUs"u8, l.MinNs * 1e-3);
            Number("meanUs"u8, l.MeanNs * 1e-3);
            Number("stddevUs"u8, l.StddevNs * 1e-3);
            Number("p50Us"u8, l.P50Ns * 1e-3);
            Number("p99Us"u8, l.P99Ns * 1e-3);
            Number("p999Us"u8, l.P999Ns * 1e-3);
            Number("maxUs"u8, l.MaxNs * 1e-3);
            Number("jitterMeanUs"u8, l.JitterMeanNs * 1e-3);
            Number("jitterMaxUs"u8, l.JitterMaxNs * 1e-3);
            _json.WriteNumber("worstCycle"u8, l.WorstId);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
        return End();
    }

    public ReadOnlySpan<byte> Health(LoopView loop)
    {
        Begin(loop.Tag);
        _json.WriteNumber(Cycle, loop.CycleId);
        _json.WriteNumber("rung"u8, (int)loop.Rung);
        Name("rungName"u8, Rungs, (int)loop.Rung);
        Name("rungReason"u8, Reasons, (int)loop.RungReason);
        Number("trust"u8, loop.Trust);
        Number("coverage"u8, loop.Coverage);
        Number("periodMs"u8, loop.Period.Milliseconds);
        Name("periodReason"u8, Periods, (int)loop.PeriodReason);
        _json.WriteBoolean("missedDeadline"u8, (loop.Flags & CycleFlags.MissedDeadline) != 0);
        _json.WriteBoolean("heldOutput"u8, (loop.Flags & CycleFlags.HeldOutput) != 0);
        _json.WriteBoolean("guarded"u8, (loop.Flags & CycleFlags.Guarded) != 0);
        Number("linear"u8, loop.Action.Linear);
        Number("angular"u8, loop.Action.Angular);
        Number("eventsPerSecond"u8, loop.EventsPerSecond);
        Number("cyclesPerSecond"u8, loop.CyclesPerSecond);
        Number("energyJ"u8, loop.EnergyJoules);
        Number("powerW"u8, loop.PowerWatt);
        _json.WriteNumber("misses"u8, loop.Misses);
        _json.WriteNumber("failures"u8, loop.Failures);
        WriteStages(loop);
        WriteDrops(loop.Dropped);
        return End();
    }

    private void WriteStages(LoopView loop)
    {
        _json.WriteStartArray(Stages);
        for (int i = 0; i < Math.Min(loop.StageNames.Count, loop.Statuses.Count); i++)
        {
            var status = loop.Statuses[i];
            _json.WriteStartObject();
            _json.WriteString(Stage, loop.StageNames[i]);
            Name("status"u8, Outcomes, (int)status.Outcome);
            if (status.IsFailed) Name("failure"u8, Codes, (int)status.Code);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    private void WriteDrops(IReadOnlyDictionary<string, long> dropped)
    {
        _json.WriteStartObject("dropped"u8);
        // The concrete type has an enumerator that is not allocated.
        if (dropped is Dictionary<string, long> plain)
            foreach (var (queue, count) in plain) _json.WriteNumber(queue, count);
        else
            foreach (var (queue, count) in dropped) _json.WriteNumber(queue, count);
        _json.WriteEndObject();
    }

    private void Begin(Stamp time)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        var (seconds, nanos) = FoxgloveGeometry.Split(Stamp.Max(time, Stamp.Zero));
        _json.WriteStartObject();
        _json.WriteStartObject("timestamp"u8);
        _json.WriteNumber("sec"u8, seconds);
        _json.WriteNumber("nsec"u8, nanos);
        _json.WriteEndObject();
    }

    private ReadOnlySpan<byte> End()
    {
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenSpan;
    }

    private void Number(ReadOnlySpan<byte> name, double value)
    {
        if (double.IsFinite(value)) _json.WriteNumber(name, value);
        else _json.WriteNull(name);
    }

    // A float is written with the digits it needs as a float: 0.9, not 0.8999999761581421.
    private void Number(ReadOnlySpan<byte> name, float value)
    {
        if (float.IsFinite(value)) _json.WriteNumber(name, value);
        else _json.WriteNull(name);
    }

    // Numbers behind the last name are the caller's own codes and share it (FailureCode.Custom).
    private void Name(ReadOnlySpan<byte> name, JsonEncodedText[] names, int value) => _json.WriteString(name, names[Math.Min(value, names.Length - 1)]);

    private static JsonEncodedText[] Names<T>()
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        var names = new JsonEncodedText[1 + values.Max(v => Convert.ToInt32(v, CultureInfo.InvariantCulture))];
        Array.Fill(names, JsonEncodedText.Encode("?"));
        foreach (var value in values) names[Convert.ToInt32(value, CultureInfo.InvariantCulture)] = JsonEncodedText.Encode(value.ToString());
        return names;
    }
}
