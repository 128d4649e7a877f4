namespace EdgeAutonomy.Recording;

/// <summary>The JSON schemas of our own tables: latencies and health.</summary>
public static class ViewSchemas
{
    private const string Time = """{"type":"object","title":"time","properties":{"sec":{"type":"integer","minimum":0},"nsec":{"type":"integer","minimum":0,"maximum":999999999}}}""";
    private const string Number = """{"type":["number","null"]}""";
    private const string Whole = """{"type":"integer"}""";
    private const string Text = """{"type":"string"}""";

    /// <summary>Gets the schema of `/view/&lt;loop&gt;/latency`: one row per stage, in microseconds.</summary>
    public static FoxgloveSchema Latency { get; } = Make("edgeautonomy.Latency",
        """{"type":"object","title":"edgeautonomy.Latency","properties":{"timestamp":@time,"stages":{"type":"array","items":{"type":"object","properties":{"stage":@text,"count":@whole,"minUs":@number,"meanUs":@number,"stddevUs":@number,"p50Us":@number,"p99Us":@number,"p999Us":@number,"maxUs":@number,"jitterMeanUs":@number,"jitterMaxUs":@number,"worstCycle":@whole}}}}}""");

    /// <summary>Gets the schema of `/view/&lt;loop&gt;/health`: rung, trust, period and why, energy, rates, drops.</summary>
    public static FoxgloveSchema Health { get; } = Make("edgeautonomy.Health",
        """{"type":"object","title":"edgeautonomy.Health","properties":{"timestamp":@time,"cycle":@whole,"rung":@whole,"rungName":@text,"rungReason":@text,"trust":@number,"coverage":@number,"periodMs":@number,"periodReason":@text,"missedDeadline":{"type":"boolean"},"heldOutput":{"type":"boolean"},"guarded":{"type":"boolean"},"linear":@number,"angular":@number,"eventsPerSecond":@number,"cyclesPerSecond":@number,"energyJ":@number,"powerW":@number,"misses":@whole,"failures":@whole,"stages":{"type":"array","items":{"type":"object","properties":{"stage":@text,"status":@text,"failure":@text}}},"dropped":{"type":"object","additionalProperties":@whole}}}""");

    private static FoxgloveSchema Make(string name, string json) => new(name, FoxgloveSchema.JsonSchema, System.Text.Encoding.UTF8.GetBytes(json
        .Replace("@time", Time, StringComparison.Ordinal).Replace("@number", Number, StringComparison.Ordinal)
        .Replace("@whole", Whole, StringComparison.Ordinal).Replace("@text", Text, StringComparison.Ordinal)));
}
