using System.Text.Json.Serialization;

namespace EdgeAutonomy.Host;

/// <summary>What a replay found.</summary>
public sealed record ReplayResult
{
    /// <summary>Gets the recording.</summary>
    public required string File { get; init; }

    /// <summary>Gets the cycles run again, over all starts.</summary>
    public required long Cycles { get; init; }

    /// <summary>Gets whether every one of them gave the same.</summary>
    public required bool Equal { get; init; }

    /// <summary>Gets the first difference; null = none.</summary>
    public required DifferenceRow? FirstDifference { get; init; }

    /// <summary>Gets how many cycles differ.</summary>
    public required long Different { get; init; }

    /// <summary>Gets the loops.</summary>
    public required IReadOnlyList<string> Loops { get; init; }

    /// <summary>Gets how many starts there were: the beginning or a time, or every keyframe.</summary>
    public required int Starts { get; init; }

    /// <summary>Gets how many recorded cycles were left out, because no keyframe stands in front of them.</summary>
    public required long LeftOut { get; init; }

    /// <summary>Gets the seconds that it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Gets the cycles per second.</summary>
    public required double CyclesPerSecond { get; init; }

    /// <summary>Gets the changes of the configuration.</summary>
    public required IReadOnlyList<string> Overrides { get; init; }

    /// <summary>Gets what they would have changed, by loop; empty on an exact replay.</summary>
    public required IReadOnlyList<CounterfactualRow> Counterfactual { get; init; }

    /// <summary>Gets what is not as it should be in the file: a cut end, damaged chunks, another program or processor.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Gets the pictures that were written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Pictures { get; init; }
}
